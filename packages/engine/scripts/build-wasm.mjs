// Compiles assembly/ into the two builds and writes them, as base64, into build/modules.ts for the bundler to inline:
// no asset handling, no fetch, and the same file works in Node, in browsers and in workers.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
mkdirSync("build", { recursive: true });

async function compile(target) {
  const { error, stderr } = await asc.main(["assembly/index.ts", "--config", "asconfig.json", "--target", target]);
  if (error) throw new Error(`assembly does not compile for ${target}: ${error.message}\n${stderr.toString()}`);
  return readFileSync(`build/${target}.wasm`).toString("base64");
}

const modules = { simd: await compile("simd"), "relaxed-simd": await compile("relaxed-simd") };
writeFileSync(
  "build/modules.ts",
  `// Written by scripts/build-wasm.mjs.\nexport const modules = ${JSON.stringify(modules, null, 2)} as const;\n`,
);
