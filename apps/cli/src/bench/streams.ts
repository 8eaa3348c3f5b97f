// Rivals for streams: the next character's logits, from the state that was kept or from a whole window again.
import { type Build, createEngine } from "@charlstm/engine";
import type { Batch } from "@charlstm/training";
import { activateTfjs, createBackend, type TfjsName } from "../backends/backends.js";
import { time } from "../backends/time.js";
import type { Results } from "./agreement.js";
import { tfjsThreads } from "./environment.js";
import type { Patience, Rival } from "./rival.js";
import { tfjsPace } from "./steps.js";
import { type StreamWork, weightsOf, windowsOf } from "./works.js";

/** Characters of each stream in one turn: enough for the clock. */
const engineCharacters = 500;
const tfjsCharacters = 20;

interface Stream {
  step(ids: ArrayLike<number>): Float32Array;
}

export async function engineStream(work: StreamWork, build: Build, patience: Patience): Promise<Rival> {
  const { vocabularySize, units } = work.architecture;
  const engine = await createEngine({ vocabularySize, units, build, purpose: "streams" });
  engine.writeWeights(weightsOf(work));
  const stream = engine.openStream(work.count);
  const columns = columnsOf(windowsOf(work));
  return {
    ...{ backend: "engine", build, threads: 1, rounds: patience.engine, isQuick: true },
    check: async () => readWindows(stream, work, columns),
    play: () => timeCharacters(stream, columns, engineCharacters),
    dispose: () => engine.dispose(),
  };
}

export async function tfjsStream(work: StreamWork, name: TfjsName, patience: Patience): Promise<Rival> {
  const { architecture, count } = work;
  const optimizer = { name: "sgd" } as const;
  const backend = await createBackend(name, { architecture, objective: "window", optimizer, rows: count, seed: 1 });
  backend.writeWeights(weightsOf(work));
  const stream = backend.openStream(count);
  const columns = columnsOf(windowsOf(work));
  return {
    ...{ backend: name, threads: tfjsThreads(name), ...tfjsPace(name, patience) },
    async check() {
      await activateTfjs(name);
      return readWindows(stream, work, columns);
    },
    async play() {
      await activateTfjs(name);
      return timeCharacters(stream, columns, tfjsCharacters);
    },
    async dispose() {
      stream.dispose();
      await backend.dispose();
    },
  };
}

/** As programs around TensorFlow.js write: the last 60 characters go through the network for each new one. */
export async function tfjsWindow(work: StreamWork, name: TfjsName, patience: Patience): Promise<Rival> {
  const { architecture, count } = work;
  const optimizer = { name: "sgd" } as const;
  const backend = await createBackend(name, { architecture, objective: "window", optimizer, rows: count, seed: 1 });
  backend.writeWeights(weightsOf(work));
  const windows = windowsOf(work);
  return {
    ...{ backend: name, method: "window re-run" as const, threads: tfjsThreads(name), ...tfjsPace(name, patience) },
    async check() {
      await activateTfjs(name);
      return { loss: [(await backend.scoreBatch(windows)).loss] };
    },
    async play() {
      await activateTfjs(name);
      return time(() => backend.scoreBatch(windows));
    },
    dispose: () => backend.dispose(),
  };
}

/** The ids of all streams at each time step. */
function columnsOf({ inputs, rows, length }: Batch): Uint16Array[] {
  return Array.from({ length }, (_, step) =>
    Uint16Array.from({ length: rows }, (_, row) => inputs[row * length + step]!),
  );
}

/** Reads the windows from a zero state; the logits after them, and what they lose on the characters that follow. */
function readWindows(stream: Stream, work: StreamWork, columns: readonly Uint16Array[]): Results {
  let last = new Float32Array();
  for (const ids of columns) last = stream.step(ids) as Float32Array<ArrayBuffer>;
  const logits = last.slice();
  const { vocabularySize } = work.architecture;
  const losses = [...windowsOf(work).targets].map((target, row) => {
    const scores = logits.subarray(row * vocabularySize, (row + 1) * vocabularySize);
    return Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - scores[target]!;
  });
  return { logits, loss: [losses.reduce((sum, loss) => sum + loss) / losses.length] };
}

/** Milliseconds of one character of every stream. */
async function timeCharacters(stream: Stream, columns: readonly Uint16Array[], characters: number): Promise<number> {
  const milliseconds = await time(() => {
    for (let index = 0; index < characters; index++) stream.step(columns[index % columns.length]!);
  });
  return milliseconds / characters;
}
