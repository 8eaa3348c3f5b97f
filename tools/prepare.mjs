// Installs everything and prints the folder of the pinned pnpm, for scripts that call it by name (`.ci/run`).
import { installAll } from "./install.mjs";
import { pnpmFolder } from "./pnpm.mjs";

await installAll();
console.log(await pnpmFolder());
