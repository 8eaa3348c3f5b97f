// What the engine costs beside its time in steps: memory, download, and the wait until it is ready. Each is measured in
// processes of its own, as a user's would be.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { median } from "./timing.js";

export interface Footprint {
  /** Largest resident memory of `charlstm train --preset notebook`. */
  peakMemoryBytes: number;
  /** Updates that it made, and on what: the notebook's book if it is in the cache. */
  trainingSteps: number;
  trainingText: string;
  /** The engine's JavaScript with the WebAssembly in it. */
  gzippedBytes: number;
  gzippedFiles: string[];
  /** Of a fresh process: importing the package, and making an engine for the notebook with its threads. */
  importMs: number;
  readyMs: number;
}

const run = promisify(execFile);
const require = createRequire(import.meta.url);

export async function measureFootprint(
  { trainingSteps, starts }: { trainingSteps: number; starts: number },
  signal: AbortSignal,
): Promise<Footprint> {
  const { bytes, files } = await measureDownload();
  const begun: { importMs: number; readyMs: number }[] = [];
  for (let start = 0; start < starts; start++) begun.push(await measureStart(signal));
  return {
    ...(await measureMemory(trainingSteps, signal)),
    trainingSteps,
    gzippedBytes: bytes,
    gzippedFiles: files,
    importMs: median(begun.map(({ importMs }) => importMs)),
    readyMs: median(begun.map(({ readyMs }) => readyMs)),
  };
}

/** The engine's entry, its worker, and what these import. */
async function measureDownload(): Promise<{ bytes: number; files: string[] }> {
  const folder = dirname(require.resolve("@charlstm/engine"));
  const files = new Set(["index.js", "worker.js"]);
  let bytes = 0;
  for (const file of files) {
    const text = await readFile(join(folder, file), "utf8");
    bytes += (await promisify(gzip)(text)).length;
    for (const [, imported] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) files.add(imported!);
  }
  return { bytes, files: [...files] };
}

/** As libuv forks, `resourceUsage().maxRSS` of a child would start from ours; Linux counts anew in VmHWM. */
const reportMemory = `
  import { readFileSync } from "node:fs";
  process.on("exit", () => {
    let kilobytes = process.resourceUsage().maxRSS;
    try { kilobytes = Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]); } catch {}
    process.stderr.write("peak memory: " + kilobytes + "\\n");
  });`;

async function measureMemory(steps: number, signal: AbortSignal) {
  const bin = join(dirname(require.resolve("@charlstm/cli/package.json")), "dist", "bin.js");
  const folder = await mkdtemp(join(tmpdir(), "charlstm-bench-"));
  try {
    const hook = `data:text/javascript,${encodeURIComponent(reportMemory)}`;
    const training = [
      "train",
      "--preset",
      "notebook",
      "--offline",
      "--max-steps",
      `${steps}`,
      "--out",
      join(folder, "run"),
    ];
    const { stderr } = await run(process.execPath, ["--import", hook, bin, ...training], { signal });
    const record = JSON.parse(await readFile(join(folder, "run", "run.json"), "utf8"));
    return {
      peakMemoryBytes: 1024 * Number(/peak memory: (\d+)/.exec(stderr)![1]),
      trainingText: record.corpus.title as string,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureStart(signal: AbortSignal): Promise<{ importMs: number; readyMs: number }> {
  const script = `
    const begun = performance.now();
    const { createEngine } = await import(${JSON.stringify(pathToFileURL(require.resolve("@charlstm/engine")).href)});
    const imported = performance.now();
    const engine = await createEngine({ vocabularySize: 59, units: [128], rows: 128, length: 60 });
    const ready = performance.now();
    console.log(JSON.stringify({ importMs: imported - begun, readyMs: ready - imported }));
    await engine.dispose();`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { signal });
  return JSON.parse(stdout);
}
