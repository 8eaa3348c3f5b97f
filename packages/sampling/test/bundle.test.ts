import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { gzipSync } from "node:zlib";
import { temporaryFolder } from "@charlstm/testing";
import { build, transform } from "esbuild";
import { describe, expect, test } from "vitest";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

/** The published build, bundled as an application would: `entry` imports from "@charlstm/sampling". */
async function bundle(entry: string, format: "esm" | "iife"): Promise<string> {
  const result = await build({
    stdin: { contents: entry, resolveDir: packageFolder },
    bundle: true,
    minify: true,
    platform: "browser",
    format,
    write: false,
    logLevel: "silent",
  });
  return result.outputFiles[0]!.text;
}

/** Everything that a page or a worker would use; leaves what it found in `result`. */
const program = `
  import { beamSearch, createRandom, createSampler, isSamplingError, sample, softmax } from "@charlstm/sampling";
  const random = createRandom(7);
  const sampler = createSampler({
    temperature: 0.8, topK: 3, topP: 0.9, minP: 0.01, typicalP: 0.9, topNSigma: 3, minKeep: 2, presencePenalty: 1,
    dry: { multiplier: 1 }, xtc: { probability: 0.5, threshold: 0.2 }, mirostat: { target: 2 }, logitBias: { 0: 1 }, random,
  });
  const ids = Array.from({ length: 5 }, () => sampler(Float32Array.of(1, 2, 3, 4)));
  let code;
  try { sample([]); } catch (error) { code = isSamplingError(error) && error.code; }
  globalThis.result = JSON.stringify({ ids, drawn: sample([0.1, 0.9], { random }), half: softmax([0, 0])[1], code, state: random.state });
  const start = { state: 0, logits: [0, 1] };
  globalThis.beams = beamSearch(start, { step: () => start, width: 1, length: 3 }).then((beams) => beams[0].ids.join());
`;

test("sample alone is 1.2 kB gzipped, and all of the package under 8 kB", async () => {
  const alone = gzipSync(await bundle(`export { sample } from "@charlstm/sampling"`, "esm")).length;
  const all = gzipSync(await bundle(`export * from "@charlstm/sampling"`, "esm")).length;
  expect(alone).toBeLessThan(1250);
  expect(all).toBeLessThan(8000);
});

test("importing the package runs and keeps nothing: an unused import leaves an empty bundle", async () => {
  expect((await bundle(`import "@charlstm/sampling"`, "esm")).trim()).toBe("");
  expect((await bundle(`import { sample } from "@charlstm/sampling"`, "esm")).trim()).toBe("");
});

test("tools from before package exports find the build and can parse it", async () => {
  const { main, types, exports } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  expect([main, types]).toEqual([exports["."].default, exports["."].types]);
  const built = readFileSync(join(packageFolder, main), "utf8");
  const lowered = async (target: string) => (await transform(built, { target })).code;
  expect(await lowered("es2019")).toBe(await lowered("esnext")); // nothing was left to lower
});

test("the package has no dependency", () => {
  const manifest = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  expect(manifest.dependencies ?? {}).toEqual({});
  expect(manifest.peerDependencies ?? {}).toEqual({});
});

describe("the same program gives the same result", async () => {
  const script = await bundle(program, "iife");
  const globals: { result?: string; beams?: Promise<string> } = {};
  vm.runInContext(script, vm.createContext(globals)); // the language alone: no process, no Buffer, no window, no crypto
  const expected = globals.result!;

  test("in a context that has nothing but JavaScript", async () => {
    expect(JSON.parse(expected)).toMatchObject({ half: 0.5, code: "EMPTY_INPUT" });
    expect(await globals.beams).toBe("1,1,1");
  });

  test.for(["node", "deno", "bun"])("in %s", (runtime, { skip }) => {
    const found = version(runtime);
    if (found === undefined) skip(`${runtime} is not installed`);
    const file = join(temporaryFolder(), "program.mjs");
    writeFileSync(file, `${script}\nconsole.log(globalThis.result);\nconsole.log(await globalThis.beams);\n`);
    const command = runtime === "deno" ? ["run", "--no-prompt", file] : [file];
    const output = execFileSync(runtime, command, { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
    expect(output.trim().split(/\r?\n/)).toEqual([expected, "1,1,1"]);
  });
});

function version(runtime: string): string | undefined {
  try {
    return execFileSync(runtime, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
