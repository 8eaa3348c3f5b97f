// PyTorch as a rival: a Python process that does one step whenever it is asked to.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CliError } from "../errors.js";
import { builtFile } from "../files/built-file.js";
import type { Patience, Rival } from "./rival.js";
import { batchOf, learningRate, type StepWork, weightsOf } from "./works.js";

export interface PyTorch {
  /** `pytorch-avx2` may use no wider vectors than AVX2's. */
  name: "pytorch" | "pytorch-avx2";
  version: string;
  /** What its own kernels use, as it says. */
  vectors: string;
  /** Rivals of one work, one for each count of threads. */
  steps(work: StepWork, threads: readonly number[], patience: Patience): Promise<Rival[]>;
  close(): Promise<void>;
}

/** What holds PyTorch's own kernels, oneDNN's and MKL's to AVX2. */
const heldToAvx2 = { ATEN_CPU_CAPABILITY: "avx2", ONEDNN_MAX_CPU_ISA: "AVX2", MKL_ENABLE_INSTRUCTIONS: "AVX2" };

/**
 * Starts PyTorch in a Python of the user's.
 *
 * @throws {CliError} `BACKEND_UNAVAILABLE`: no such interpreter, or no PyTorch in it.
 */
export async function startPyTorch(python: string, name: PyTorch["name"]): Promise<PyTorch> {
  const child = spawn(python, [builtFile("pytorch_step.py")], {
    env: { ...process.env, ...(name === "pytorch-avx2" ? heldToAvx2 : {}) },
  });
  let failure = "";
  child.on("error", (error) => {
    failure += error.message;
  });
  child.stdin.on("error", () => {}); // a process that ended says why on stderr
  child.stderr.on("data", (chunk) => {
    failure += chunk;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value);
    const reason = failure.trim().split("\n").at(-1);
    throw new CliError(
      "BACKEND_UNAVAILABLE",
      `PyTorch does not run in ${python}: ${reason || "it ended without a word"}; install it with ${python} -m pip install torch, ` +
        "name another interpreter with --python or CHARLSTM_TORCH_PYTHON, or leave --pytorch out",
    );
  };
  const ask = (line: string) => {
    child.stdin.write(`${line}\n`);
    return answer();
  };
  const { pytorch: version, vectors } = (await answer()) as { pytorch: string; vectors: string };
  const folder = await mkdtemp(join(tmpdir(), "charlstm-bench-"));

  return {
    ...{ name, version, vectors },
    async steps(work, threads, patience) {
      const file = join(folder, `${work.name}.json`);
      await writeFile(file, JSON.stringify(described(work)));
      return threads.map((count) => ({
        ...{ backend: name, threads: count, rounds: patience.native, isQuick: true },
        async check() {
          const { loss, gradientNorm } = await ask(`load ${file}`);
          return { loss: [loss], gradientNorm: [gradientNorm] };
        },
        play: () => ask(`step ${work.name} ${count}`),
        dispose() {},
      }));
    },
    async close() {
      child.stdin.end();
      child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What `pytorch_step.py` reads. */
function described(work: StepWork) {
  const { name, architecture, objective, rows, length, optimizer, clipNorm } = work;
  const { inputs, targets } = batchOf(work);
  return {
    ...{ name, ...architecture, objective, rows, length, optimizer, clipNorm, learningRate },
    weights: weightsOf(work).map(({ shape, values }) => ({ shape, values: [...values] })),
    ...{ inputs: [...inputs], targets: [...targets] },
  };
}
