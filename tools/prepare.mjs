// Installs everything and prints the folder of the pinned pnpm, for scripts that call it by name (`.ci/run`).
import { install } from "./install.mjs";
import { pnpmFolder } from "./pnpm.mjs";

await install("everything");
console.log(await pnpmFolder());
