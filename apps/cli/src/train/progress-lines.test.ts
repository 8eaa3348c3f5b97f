// What is said of a run, line by line: to a file, and around the bar of a terminal.
import type { TrainingEvent } from "@charlstm/training";
import { expect, test } from "vitest";
import { ioIn } from "../../test/invoke.js";
import { createTrainProgress, type TrainProgressOptions } from "./progress.js";

const start: TrainingEvent = {
  ...{ type: "run-start", backend: "engine", parameters: 12_345, stepsPerEpoch: 20, totalSteps: 4000 },
  ...{ characters: 9, heldOutCharacters: 9, vocabulary: 9, epoch: 0, step: 0 },
} as TrainingEvent;
const stepEnd = (step: number): TrainingEvent => ({
  ...{ type: "step-end", epoch: 1 + Math.floor((step - 1) / 20), step, stepInEpoch: 1 + ((step - 1) % 20), loss: 1.25 },
  ...{ meanLoss: 1.5, gradientNorm: 1, learningRate: 0.1, characters: 50_000, seconds: 2 },
});
const metrics = { epoch: 2, step: 40, loss: 1.5, charactersPerSecond: 12_345.6, seconds: 3.21, learningRate: 0.1 };
const epochEnd = (other: object = {}) => ({ type: "epoch-end", partial: false, ...metrics, ...other }) as TrainingEvent;
const written = {
  ...{ type: "sample-written", epoch: 2, prompt: "It" },
  samples: [{ temperature: 0.5, text: "is a truth" }],
} as unknown as TrainingEvent;

/** What these events come to; of a terminal with what draws the bar. */
function saidOf(events: readonly TrainingEvent[], options: Partial<TrainProgressOptions> = {}, isTTY = false): string {
  const io = ioIn("/");
  let said = "";
  io.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const terminal = isTTY ? { isTTY, columns: 80, cursorTo() {}, clearLine() {}, moveCursor() {} } : {};
  const progress = createTrainProgress(
    { ...io, stderr: Object.assign(io.stderr, terminal) },
    { epochs: 9, ...options },
  );
  for (const event of events) progress.show(event);
  progress.close();
  return said;
}

test("a run begins with its size, where it goes on from and that nothing is left", () => {
  expect(saidOf([start])).toMatch(/engine: 12,345 parameters, 20 steps an epoch, 4,000 in all\n$/);
  expect(saidOf([{ ...start, step: 1500 } as TrainingEvent])).toMatch(/in all, going on after step 1,500\n$/);
  expect(saidOf([{ ...start, step: 4000 } as TrainingEvent])).toMatch(/nothing is left to do \(a larger --epochs/);
});

test("ten lines come over the first epoch, with the characters of a second; then an epoch is a line", () => {
  const steps = Array.from({ length: 40 }, (_, index) => stepEnd(index + 1));
  const lines = saidOf([start, ...steps])
    .trim()
    .split("\n")
    .slice(1);
  expect(lines.map((line) => Number(/step (\d+)/.exec(line)![1]))).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
  expect(lines[0]).toMatch(/epoch 1\/9 {2}step 2 {2}loss 1\.2500 {2}25,000 characters\/s$/);
  const [line] = saidOf([epochEnd({ heldOutLoss: 1.75 })])
    .trim()
    .split("\n");
  expect(line).toMatch(/epoch 2\/9 {2}loss 1\.5000 {2}held out 1\.7500 {2}12,346 characters\/s {2}3\.2 s$/);
  expect(saidOf([epochEnd()])).not.toContain("held out");
  expect(saidOf([epochEnd({ partial: true })])).toContain("epoch 2/9 (to step 40)  loss");
});

test("an epoch's sample follows its line, once, unless the run is quiet or prints its events", () => {
  const said = saidOf([written, epochEnd(), epochEnd()]);
  expect(said.indexOf("is a truth")).toBeGreaterThan(said.indexOf("epoch 2/9"));
  expect(said.split("is a truth")).toHaveLength(2);
  expect(saidOf([epochEnd()]).trim().split("\n")).toHaveLength(1);
  for (const options of [{ quiet: true }, { json: true }])
    expect(saidOf([written, epochEnd()], options)).not.toContain("is a truth");
  expect(saidOf([start, stepEnd(2), epochEnd()], { quiet: true })).not.toContain("step 2");
  expect(saidOf([start, stepEnd(2), epochEnd()], { quiet: true })).toContain("epoch 2/9");
});

test("what goes wrong is said with what was done, or what to do", () => {
  const diverged = { type: "loss-diverged", step: 30, loss: 12.3456, backToStep: 20, learningRate: 0.00123 };
  expect(saidOf([diverged as TrainingEvent])).toMatch(
    /diverged \(12\.346 at step 30\): back to step 20, with a learning rate of 0\.00123\n/,
  );
  const rising = { type: "held-out-rising", epoch: 6, loss: 1.6, lowest: { epoch: 3, loss: 1.4 } };
  expect(saidOf([rising as TrainingEvent])).toMatch(/\(1\.4000 at epoch 3\) since then, now 1\.6000: .*--dropout/);
  const end = (reason: string) => saidOf([{ type: "run-end", reason } as unknown as TrainingEvent]);
  expect(end("early-stop")).toContain("--patience 0 goes on to the end");
  expect(end("finished")).toBe("");
});

test("the bar of a terminal has the speed and the last held-out loss, and is gone before a line is said", () => {
  const said = saidOf([start, stepEnd(1), epochEnd({ heldOutLoss: 1.75 }), stepEnd(21)], {}, true);
  expect(said).toContain("25.0k ch/s");
  expect(said).toMatch(/epoch 2\/9 {2}loss 1\.5000/);
  expect(said.slice(said.indexOf("held out 1.7500"))).toContain("loss 1.500  held out 1.750");
  expect(said.slice(0, said.indexOf("held out 1.7500"))).not.toContain("held out");
});
