import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import type { EpochMetrics } from "@charlstm/training";
import { describe, expect, test } from "vitest";
import { helpTopics } from "../src/terminal/help-topics.js";
import { terminalPlot } from "../src/terminal/plot.js";
import { invoke, start } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

const folder = process.cwd();
const commands = [
  "train",
  "sweep",
  "worker",
  "generate",
  "evaluate",
  "corpus",
  "report",
  "export",
  "import",
  "bench",
  "doctor",
];

const helps = [
  ["--help"],
  ["help"],
  ...commands.flatMap((name) => [
    [name, "--help"],
    ["help", name],
  ]),
];
const topics = Object.keys(helpTopics).map((topic) => ["help", topic]);

test.each([...helps, ["bench", "quality", "--help"], ...topics])(
  "%s %s goes to stdout, and no line is longer than 80",
  async (...argv) => {
    const { code, stdout, stderr } = await invoke(argv.filter(Boolean), { folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stdout.length).toBeGreaterThan(200);
  },
);

test("the help names every command and every topic", async () => {
  const { stdout } = await invoke(["--help"], { folder });
  for (const name of [...commands, "completion", ...Object.keys(helpTopics)]) expect(stdout).toContain(name);
});

test.each([
  [["trian"], "(Did you mean train?)"],
  [["genrate", "run"], "(Did you mean generate?)"],
  [["train", "--learningrate", "1"], "(Did you mean --learning-rate?)"],
  [["generate", "run", "--temprature", "1"], "(Did you mean --temperature?)"],
  [["train", "--backend", "engin"], "Allowed choices are auto, engine"],
  [["help", "preset"], "presets"],
])("a slip of the keyboard in %j is met with what is near", async (argv, near) => {
  const { code, stderr } = await invoke(argv, { folder });
  expect(code).toBe(2);
  expect(stderr).toContain(near);
});

test("no help and no error is coloured, terminal or not", async () => {
  for (const argv of [["--help"], ["trian"]]) {
    const { stdout, stderr } = await invoke(argv, { folder, isTerminal: true });
    expect(stdout + stderr).not.toContain("\u001b");
  }
});

describe("completion", () => {
  test.each(["bash", "zsh", "fish"])("%s gets a script that asks the program itself", async (shell) => {
    const { code, stdout } = await start(["completion", shell], { folder }).outcome;
    expect(code).toBe(0);
    expect(stdout).toContain("charlstm complete --");
    const parsed = spawnSync(shell, ["-n"], { input: stdout, encoding: "utf8" });
    if (!parsed.error) expect(parsed).toMatchObject({ status: 0, stderr: "" });
  });

  test.each([
    [["gen"], "generate\tWrite in"],
    [["train", "--learn"], "--learning-rate\t"],
    [["train", "--preset", ""], "notebook\t"],
    [["bench", "qual"], "quality\t"],
  ])("%j is completed", async (words, completed) => {
    const { code, stdout } = await start(["complete", "--", ...words], { folder }).outcome;
    expect(code).toBe(0);
    expect(stdout).toContain(completed);
  });

  test("what the program can't know is left to the shell, which knows paths", async () => {
    const { stdout } = await start(["complete", "--", "train", ""], { folder }).outcome;
    expect(stdout).toBe(":0\n");
  });
});

describe("the plot in characters", () => {
  const history = (count: number, heldOut?: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        ({
          epoch: index + 1,
          loss: 1 + 1 / (index + 1),
          ...(heldOut === undefined ? {} : { heldOutLoss: heldOut + 1 / (index + 1) }),
        }) as EpochMetrics,
    );

  test.each([2, 7, 60, 1000])("of %i epochs fits a terminal, plain", (epochs) => {
    const plot = terminalPlot(history(epochs), 80);
    expect(plot).toContain("training loss by epoch, nats per character");
    for (const line of plot.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(plot).not.toContain("\u001b");
    expect(plot).toContain("2.000┤");
    expect(plot.split("\n").length).toBeLessThan(16);
  });

  test("is of the held-out loss where there is one", () => {
    const plot = terminalPlot(history(5, 2), 80);
    expect(plot).toContain("held-out loss by epoch");
    expect(plot).toContain("3.000┤");
  });

  test("ends a run on a terminal", async () => {
    const runs = temporaryFolder();
    writeBook(runs);
    const argv = ["train", "book.txt", ...tinyFlags, "--out", "run"];
    const { code, stderr } = await invoke(argv, { folder: runs, isTerminal: true });
    expect(code).toBe(0);
    expect(stderr).toContain("held-out loss by epoch");
  });
});

test("the script for bash completes a word in bash", async (context) => {
  const folder = temporaryFolder();
  const { stdout } = await start(["completion", "bash"], { folder }).outcome;
  writeFileSync(join(folder, "completion.sh"), stdout);
  const script = "source ./completion.sh && complete -p charlstm";
  const bash = spawnSync("bash", ["--norc", "-c", script], { cwd: folder, encoding: "utf8" });
  if (bash.error) context.skip("no bash");
  expect(bash).toMatchObject({ status: 0, stdout: expect.stringContaining("__charlstm_complete charlstm") });
});
