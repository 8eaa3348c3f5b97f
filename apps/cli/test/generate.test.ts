import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { finishedRun } from "./finished-run.js";
import { type InvokeOptions, invoke, program, start } from "./invoke.js";

const runFolder = finishedRun();
const dashes = "-".repeat(50);

async function generate(flags: readonly string[], options: Partial<InvokeOptions> = {}) {
  const outcome = await invoke(["generate", "run", ...flags], { folder: runFolder(), ...options });
  expect(outcome.code).toBe(0);
  return outcome;
}

test("one text goes to stdout alone: the prompt and as many characters as asked for", async () => {
  const { stdout, stderr } = await generate(["--prompt", "the whale", "--length", "40"]);
  expect(stderr).toBe("");
  expect([...stdout]).toHaveLength("the whale".length + 40 + 1);
  expect(stdout.startsWith("the whale")).toBe(true);
  expect(stdout.endsWith("\n")).toBe(true);
});

test("400 characters follow the beginning of the book when nothing is said", async () => {
  const { stdout } = await generate([]);
  expect([...stdout]).toHaveLength(16 + 400 + 1);
});

test("what is drawn by default is for reading; a flag of its own, or the notebook's context, makes it plain", async () => {
  const textOf = async (...flags: string[]) => (await generate(["--seed", "4", ...flags])).stdout;
  const plain = await textOf("--temperature", "0.5");
  const reading = ["--temperature", "0.5", "--frequency-penalty", "0.1", "--min-p", "0.02"];
  expect(await textOf()).toBe(await textOf(...reading));
  expect(await textOf()).not.toBe(plain);
  expect(await textOf("--top-p", "1")).toBe(plain);
  expect(await textOf("--context", "window")).toBe(await textOf("--context", "window", "--temperature", "0.5"));
});

test("several temperatures are labelled blocks in the notebook's layout", async () => {
  const { stdout } = await generate(
    ["0.2", "0.5", "1", "1.2"].flatMap((t) => ["--temperature", t]).concat("--prompt", "the", "--length", "0"),
  );
  const block = (t: string) => `${dashes}\nTemperature: ${t}\nthe\n`;
  expect(stdout).toBe(["0.2", "0.5", "1.0", "1.2"].map(block).join(""));
});

test("a seed repeats a text, another seed makes another", async () => {
  const textOf = async (seed: string) => (await generate(["--seed", seed, "--temperature", "1"])).stdout;
  expect(await textOf("7")).toBe(await textOf("7"));
  expect(await textOf("7")).not.toBe(await textOf("8"));
});

test("temperature 0 always takes the most probable character, so every seed gives one text", async () => {
  const textOf = async (seed: string) => (await generate(["--seed", seed, "--temperature", "0"])).stdout;
  expect(await textOf("7")).toBe(await textOf("8"));
});

test("--count writes numbered texts, the first of which is the one that its seed gives alone", async () => {
  const flags = ["--prompt", "the ", "--length", "30", "--temperature", "1", "--seed", "7"];
  const alone = (await generate(flags)).stdout;
  const { stdout } = await generate([...flags, "--count", "3"]);
  const texts = /^\[1\]\n(.*)\n\[2\]\n(.*)\n\[3\]\n(.*)$/s.exec(stdout)!.slice(1);
  expect(texts[0]).toBe(alone);
  expect(new Set(texts).size).toBe(3);
});

test("--json prints one object a text, with what repeats it", async () => {
  const flags = ["--prompt", "the", "--length", "20", "--seed", "5", "--temperature", "0.5", "--temperature", "1"];
  const { stdout, stderr } = await generate([...flags, "--count", "2", "--json"]);
  expect(stderr).toBe("");
  const texts = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(texts.map(({ text: _, ...facts }) => facts)).toEqual(
    [0.5, 1].flatMap((temperature) => [5, 6].map((seed) => ({ prompt: "the", temperature, seed }))),
  );
  for (const { text } of texts) expect([...text]).toHaveLength(20);
});

test("--json --show-probabilities lists each character's probabilities and the model's favourites", async () => {
  const { stdout } = await generate(["--prompt", "the", "--length", "3", "--json", "--show-probabilities"]);
  const { text, characters } = JSON.parse(stdout);
  expect(characters.map(({ character }: { character: string }) => character).join("")).toBe(text);
  for (const { probability, modelProbability, alternatives } of characters) {
    expect(probability).toBeGreaterThan(0);
    expect(modelProbability).toBeGreaterThan(0);
    expect(alternatives).toHaveLength(5);
  }
});

test("a stop string ends a text, and is its end", async () => {
  const { stdout } = await generate(["--prompt", "the", "--stop", "e", "--seed", "1", "--temperature", "1"]);
  expect(stdout).toMatch(/^the[^e]*e\n$/s);
});

describe("--show-probabilities", () => {
  const flags = ["--prompt", "the", "--length", "30", "--seed", "2", "--temperature", "1", "--show-probabilities"];
  const colour = "\u001b[";

  test.each([
    ["xterm-256color", "38;5;231;48;5;"],
    ["xterm", "30;4"],
    ["linux", "30;4"],
  ])("shades the text on a terminal of type %s in its colours, and changes none of it", async (TERM, code) => {
    for (const count of ["1", "2"]) {
      const plain = (await generate([...flags.slice(0, -1), "--count", count])).stdout;
      const { stdout } = await generate([...flags, "--count", count], { isTerminal: true, env: { TERM } });
      expect(stdout).toContain(`${colour}${code}`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
      const grounds = [...stdout.matchAll(/\u001b\[([\d;]+)m/g)].map((match) => match[1]!).filter((own) => own !== "0");
      for (const own of grounds) expect(own).toMatch(TERM === "xterm-256color" ? /^38;5;231;48;5;\d+$/ : /^3[07];4\d$/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
      expect(stdout.replace(/\u001b\[[\d;]*m/g, "")).toBe(plain);
    }
  });

  test.each<[string, Partial<InvokeOptions> & { count?: string }]>([
    ["no terminal", {}],
    ["NO_COLOR", { isTerminal: true, env: { NO_COLOR: "1" } }],
    ["a dumb terminal", { isTerminal: true, env: { TERM: "dumb" } }],
    ["a terminal from before colours", { isTerminal: true, env: { TERM: "vt100" } }],
    ["--count 2 and no terminal", { count: "2" }],
  ])("with %s says why it does not", async (_, { count = "1", ...options }) => {
    const { stdout, stderr } = await generate([...flags, "--count", count], options);
    expect(stdout).not.toContain(colour);
    expect(stderr).toContain("no colours here");
  });
});

describe("characters that the model never saw", () => {
  const prompt = ["--length", "0", "--prompt", "日the “ÉÉ"];

  test("are left out with --unknown skip", async () => {
    const { stdout } = await generate(["--length", "1", "--prompt", "the 日", "--unknown", "skip"]);
    expect([...stdout]).toHaveLength("the 日".length + 2);
  });

  test("become the nearest known ones with --unknown nearest, where there are some", async () => {
    expect((await generate(["--length", "5", "--prompt", "thé “", "--unknown", "nearest"])).stdout).toHaveLength(11);
    const { code, stderr } = await invoke(["generate", "run", ...prompt, "--unknown", "nearest"], {
      folder: runFolder(),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('"日" (U+65E5)');
    expect(stderr).not.toContain("“");
  });
});

describe("--interactive", () => {
  test("goes on from each line of stdin, and says what is wrong with one", async () => {
    const { stdout, stderr } = await generate(["--interactive", "--length", "5"], {
      stdin: "the whale\n\n日本\nthe sea\n",
    });
    expect(stdout).toMatch(/^the whale.{5}\nthe sea.{5}\n$/s);
    expect(stderr).toContain("characters that the model never saw");
  });

  test("asks for a line on a terminal only", async () => {
    const { stderr } = await generate(["--interactive", "--length", "1"], { stdin: "the\n" });
    expect(stderr).not.toContain("> ");
  });
});

test.each([[[]], [["--json"]], [["--count", "3"]]])(
  "a reader who has had enough of %j ends it in silence",
  async (flags) => {
    const { child, outcome } = start(["generate", "run", "--length", "100000000", ...flags], { folder: runFolder() });
    child.stdout!.once("data", () => child.stdout!.destroy());
    expect(await outcome).toMatchObject({ code: 0, stderr: "" });
  },
);

test.runIf(existsSync("/dev/full"))("a full disk behind stdout is told as what it is", () => {
  const line = `"${process.execPath}" "${program}" generate run > /dev/full`;
  const { status, stderr } = spawnSync("sh", ["-c", line], { cwd: runFolder(), encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toBe(
    "charlstm: the disk is full where stdout goes: not everything was printed; print to another place, or make room there [ENOSPC]\n",
  );
});

test("--backend tfjs-cpu writes as the engine does, and says nothing of its own", async () => {
  const flags = ["generate", "run", "--length", "20", "--seed", "1"];
  const { outcome } = start([...flags, "--backend", "tfjs-cpu"], { folder: runFolder() });
  expect(await outcome).toMatchObject({ code: 0, stderr: "", stdout: (await generate(flags.slice(2))).stdout });
});

test("Ctrl-C ends a text at once, with 130", async () => {
  const { child, outcome } = start(["generate", "run", "--length", "100000000"], { folder: runFolder() });
  child.stdout!.once("data", () => child.kill("SIGINT"));
  expect(await outcome).toMatchObject({ code: 130, stderr: "charlstm: stopped by SIGINT\n" });
});

test("a model is named by its run, its folder or one of its checkpoints", async () => {
  const folder = runFolder();
  for (const model of ["run", "run/model", "run/checkpoints/epoch-0001", `${folder}/run/`]) {
    const { code, stdout } = await invoke(["generate", model, "--length", "3"], {
      folder: model === `${folder}/run/` ? temporaryFolder() : folder,
    });
    expect({ code, length: [...stdout].length }).toEqual({ code: 0, length: 16 + 3 + 1 });
  }
});

test("a run that had ended and was resumed is read where it stands now, not where it had ended", async () => {
  const folder = runFolder();
  cpSync(join(folder, "run", "model"), join(folder, "ended"), { recursive: true });
  const resumed = await invoke(["train", "--resume", "run", "--epochs", "3"], { folder });
  expect(resumed.code, resumed.stderr).toBe(0);
  // As if it had been stopped after its third epoch.
  rmSync(join(folder, "run", "model"), { recursive: true });
  cpSync(join(folder, "ended"), join(folder, "run", "model"), { recursive: true });
  const score = async (model: string) => {
    const { code, stdout } = await invoke(["evaluate", model, "book.txt", "--json"], { folder });
    expect(code).toBe(0);
    return (JSON.parse(stdout) as { loss: number }).loss;
  };
  expect(await score("run")).toBe(await score("run/checkpoints/epoch-0003"));
  expect(await score("run")).not.toBe(await score("run/model"));
  rmSync(join(folder, "run", "checkpoints"), { recursive: true });
  expect(await score("run")).toBe(await score("run/model"));
});
