import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { node } from "./command.js";

const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

/** Type-checks every `.ts` file of a folder, as strictly as TypeScript can, and returns what tsc complains of. */
export async function typecheck(
  folder: string,
  resolution: { module: string; moduleResolution: string },
): Promise<string> {
  const compilerOptions = {
    ...resolution,
    target: "es2022",
    lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    noEmit: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  return (await node([tsc, "--project", folder, "--pretty", "false"], folder)).stdout;
}
