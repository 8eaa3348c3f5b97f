import type { TrainingEvent } from "@charlstm/training";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ioIn } from "../../test/invoke.js";
import { createTrainProgress } from "./progress.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const runStart = { type: "run-start", stepsPerEpoch: 2, totalSteps: 4, backend: "engine" } as const;
const start = { ...runStart, characters: 9, heldOutCharacters: 9, vocabulary: 9, parameters: 9, epoch: 0, step: 0 };

const stepEnd = (step: number): TrainingEvent => ({
  ...{ type: "step-end", epoch: 1, step, stepInEpoch: step, loss: 1, meanLoss: 1, gradientNorm: 1 },
  ...{ learningRate: 1, characters: 1, seconds: 1 },
});

test("an epoch that is long in ending says what it does; between steps, and after the end, nothing is said", async () => {
  const io = ioIn("/");
  let said = "";
  io.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const progress = createTrainProgress(io, { epochs: 2 });
  progress.show(start);
  progress.show(stepEnd(1));
  await vi.advanceTimersByTimeAsync(5000);
  expect(said).not.toContain("measuring");
  progress.show(stepEnd(2));
  await vi.advanceTimersByTimeAsync(1999);
  expect(said).not.toContain("measuring");
  await vi.advanceTimersByTimeAsync(1);
  expect(said).toContain("measuring the held-out text and writing samples…\n");
  progress.show(stepEnd(4));
  progress.close();
  await vi.advanceTimersByTimeAsync(5000);
  expect(said.match(/measuring/g)).toHaveLength(1);
});

test("a run that ends within an epoch, and saves before it measures, says what it does then", async () => {
  const io = ioIn("/");
  let said = "";
  io.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const report = createTrainProgress(io, { epochs: 2 });
  report.show({ ...start, stepsPerEpoch: 9 });
  report.show(stepEnd(4));
  report.show({ type: "checkpoint-saved", name: "epoch-0000-step-00000004", epoch: 0, step: 4 });
  await vi.advanceTimersByTimeAsync(2000);
  expect(said).toContain("measuring the held-out text and writing samples…\n");
  report.show({ type: "sample-written", epoch: 1, prompt: "", samples: [] });
  await vi.advanceTimersByTimeAsync(5000);
  expect(said.match(/measuring/g)).toHaveLength(1);
});
