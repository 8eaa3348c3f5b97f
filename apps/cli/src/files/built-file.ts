import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The path of a file that the build made, wherever in the package this code runs from. */
export function builtFile(name: string): string {
  const manifest = createRequire(import.meta.url).resolve("@charlstm/cli/package.json");
  return join(dirname(manifest), "dist", name);
}
