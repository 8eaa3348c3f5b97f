import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { readEscapes } from "../src/generate/escapes.js";
import { cleanPrompt } from "../src/generate/prompt.js";
import { finishedRun } from "./finished-run.js";
import { type InvokeOptions, invoke } from "./invoke.js";

const runFolder = finishedRun();

async function generate(flags: readonly string[], options: Partial<InvokeOptions> = {}) {
  const outcome = await invoke(["generate", "run", ...flags], { folder: runFolder(), ...options });
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome;
}

const seeded = ["--length", "30", "--seed", "3"];

test("escapes are the characters that they name, and no others are taken", () => {
  expect(readEscapes(String.raw`a\nb\tc\\n\u201c\u{1f600}`)).toBe("a\nb\tc\\n“😀");
  for (const wrong of ["\\x", "\\", "\\u12", "\\u{110000}", "\\u{}"])
    expect(() => readEscapes(wrong)).toThrow("is no escape");
});

test("--stop and --prompt take line ends as escapes", async () => {
  const { stdout } = await generate(["--prompt", String.raw`the\n`, "--stop", String.raw`\n`, "--temperature", "1"]);
  expect(stdout).toMatch(/^the\n[^\n]*\n\n$|^the\n[^\n]{400}\n$/);
  const { code, stderr } = await invoke(["generate", "run", "--stop", "\\d"], { folder: runFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain("\\d is no escape");
});

test("a beginning comes from stdin or a file as it would from the command line", async () => {
  const folder = runFolder();
  writeFileSync(join(folder, "beginning.txt"), "\ufeffthe whale\r\nthe sea");
  const wanted = await generate(["--prompt", String.raw`the whale\nthe sea`, ...seeded]);
  expect((await generate(["--prompt-file", "beginning.txt", ...seeded], { folder })).stdout).toBe(wanted.stdout);
  expect((await generate(["--prompt", "-", ...seeded], { stdin: "the whale\nthe sea" })).stdout).toBe(wanted.stdout);
});

test.each([
  [["--prompt", "a", "--prompt-file", "b"], "--prompt and --prompt-file both say what to start from"],
  [["--prompt", "-", "--interactive"], "--prompt and --interactive both say"],
  [["--prompt-file", "nothing.txt"], "is no file"],
  [["--prompt-file", "."], "is no file"],
])("%j is refused", async (flags, message) => {
  const { code, stdout, stderr } = await invoke(["generate", "run", ...flags], { folder: runFolder() });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("a prompt goes through what the text went through", () => {
  const of = (corpus: object) => (prompt: string) => cleanPrompt(prompt, { corpus } as never);
  expect(of({ recipe: "notebook" })("It is a\r\n\n truth,")).toBe("it is a truth,");
  expect(of({ recipe: "gutenberg" })("Cafe\u0301\r\n")).toBe("Café\n");
  expect(of({ recipe: "gutenberg", cleaning: { foldCase: true } })("It Is")).toBe("it is");
  expect(of({ recipe: "none" })("Cafe\u0301")).toBe("Cafe\u0301");
  expect(cleanPrompt("It is", {})).toBe("It is");
});

test("quotation marks of the other kind are taken, and strange characters refused in the words of the command line", async () => {
  const folder = runFolder();
  const known = readFileSync(join(folder, "book.txt"), "utf8");
  const [own, other] = known.includes("“") ? ["“", '"'] : ['"', "“"];
  const typed = await generate(["--prompt", `the ${own}`, ...seeded], { folder });
  const written = await generate(["--prompt", `the ${other}`, ...seeded], { folder });
  expect(written.stdout.slice(5)).toBe(typed.stdout.slice(5));
  const { code, stderr } = await invoke(["generate", "run", "--prompt", "日"], { folder });
  expect(code).toBe(1);
  expect(stderr).toContain(
    '"日" (U+65E5); write it without them, leave them out (--unknown skip), or take the nearest',
  );
  expect(stderr).toMatch(/\(--unknown nearest\) \[UNKNOWN_PROMPT_CHARACTERS\]\n$/);
});

describe("--interactive on a terminal", () => {
  /** Types, and waits for what is said. */
  function session(flags: readonly string[]) {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const outcome = invoke(["generate", "run", "--interactive", ...flags], {
      ...{ folder: runFolder(), stdin, isTerminal: true },
    });
    return { stdin, outcome };
  }

  test("Ctrl-C ends the text that is being written, and at the prompt the session", async () => {
    const { stdin, outcome } = session(["--length", "100000000"]);
    stdin.write("the whale\n");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    stdin.write("\u0003");
    await new Promise((resolve) => setTimeout(resolve, 500));
    stdin.write("\u0003");
    const { code, stdout, stderr } = await outcome;
    expect(code).toBe(130);
    expect(stdout.startsWith("the whale")).toBe(true);
    expect(stdout.length).toBeGreaterThan(20);
    expect(stderr.match(/> /g)!.length).toBeGreaterThan(1);
  });

  test("a line can be edited, and called back", async () => {
    const { stdin, outcome } = session(["--length", "0"]);
    stdin.write("the whalx\u007fe\n");
    await new Promise((resolve) => setTimeout(resolve, 500));
    stdin.write("\u001b[A\n");
    await new Promise((resolve) => setTimeout(resolve, 500));
    stdin.write("\u0004");
    const { code, stdout } = await outcome;
    expect({ code, stdout }).toEqual({ code: 0, stdout: "the whale\nthe whale\n" });
  });
});
