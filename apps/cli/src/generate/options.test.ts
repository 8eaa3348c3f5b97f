import { createVocabulary } from "@charlstm/vectorize";
import { Command } from "commander";
import { expect, test } from "vitest";
import { addGenerateFlags, checkGenerateFlags, type GenerateFlags, samplingOptions } from "./options.js";

/** The flags of a command line. */
function flagsOf(...argv: readonly string[]): GenerateFlags {
  const command = addGenerateFlags(new Command("generate").exitOverride().configureOutput({ writeErr: () => {} }));
  return command.parse([...argv], { from: "user" }).opts<GenerateFlags>();
}

const vocabulary = createVocabulary("abe=\n");

test("what is not given leaves drawing as it is", () => {
  expect(samplingOptions(flagsOf(), vocabulary)).toEqual({});
  expect(flagsOf()).toEqual({ unknown: "error", length: 400, count: 1, maxLength: 10_000, backend: "auto" });
});

test("each flag of how characters are drawn is an option of generate", () => {
  const argv = [
    ...["--top-k", "3", "--top-p", "1", "--min-p", "0", "--typical-p", "0.5", "--top-n-sigma", "1.5"],
    ...["--temperature-last", "--xtc", "0.2", "--mirostat", "2", "--dry", "0.8", "--ban", "ax\\n"],
    ...["--repetition-penalty", "1.1", "--frequency-penalty", "-0.5", "--presence-penalty", "0.3"],
    ...["--penalty-window", "all", "--spare-prompt", "--logit-bias", "e=-2", "--logit-bias", "==1.5"],
  ];
  expect(samplingOptions(flagsOf(...argv), vocabulary)).toEqual({
    ...{ topK: 3, topP: 1, minP: 0, typicalP: 0.5, topNSigma: 1.5, temperatureLast: true },
    ...{ repetitionPenalty: 1.1, frequencyPenalty: -0.5, presencePenalty: 0.3 },
    ...{ penaltyWindow: Number.POSITIVE_INFINITY, penalizePrompt: false },
    ...{ xtc: { probability: 0.2, threshold: 0.1 }, mirostat: { target: 2 } },
    dry: { multiplier: 0.8, base: 1.2, allowedLength: 12, window: 2000 },
    // A character that the model does not know is never written anyway.
    bannedIds: [vocabulary.idOf("a"), vocabulary.idOf("\n")],
    logitBias: new Map([
      [vocabulary.idOf("e"), -2],
      [vocabulary.idOf("="), 1.5],
    ]),
  });
  expect(flagsOf("--penalty-window", "12").penaltyWindow).toBe(12);
});

test.each([
  ["--top-p", "0", "a number above 0, at most 1"],
  ["--top-p", "1.1", "a number above 0, at most 1"],
  ["--min-p", "-0.1", "a number from 0 to 1"],
  ["--xtc", "1.1", "a number from 0 to 1"],
  ["--frequency-penalty", "x", "a number"],
  ["--penalty-window", "0", "a whole number, 1 or more"],
  ["--logit-bias", "ab=1", "a character, = and a number, such as e=-2"],
  ["--logit-bias", "e", "a character, = and a number"],
  ["--logit-bias", "e=x", "a number"],
  ["--unknown", "guess", "Allowed choices are error, skip, nearest"],
  ["--context", "both", "Allowed choices are stream, window"],
])("%s %s is refused, saying what is expected", (flag, value, expected) => {
  expect(() => flagsOf(flag, value)).toThrow(expected);
});

test("a bias for a character that the model does not know is refused by the character", () => {
  expect(() => samplingOptions(flagsOf("--logit-bias", "\\n=1", "--logit-bias", "z=1"), vocabulary)).toThrow(
    expect.objectContaining({ code: "BAD_USAGE", message: '--logit-bias: the model does not know "z"' }),
  );
});

test("escapes are read in what is typed, and a dash alone is stdin", () => {
  const { prompt, stop, temperature } = flagsOf(
    ...["--prompt", "a\\nb", "--stop", "\\n\\n", "--stop", "The", "--temperature", "0", "--temperature", "0.7"],
  );
  expect({ prompt, stop, temperature }).toEqual({ prompt: "a\nb", stop: ["\n\n", "The"], temperature: [0, 0.7] });
  expect(flagsOf("--prompt", "-").prompt).toBe("-");
});

test("beginnings from two places, and what does not go with items, are refused by their flags", () => {
  const refusal = (...argv: readonly string[]) => {
    try {
      checkGenerateFlags(flagsOf(...argv));
      return undefined;
    } catch (error) {
      expect(error).toMatchObject({ code: "BAD_USAGE" });
      return (error as Error).message;
    }
  };
  for (const argv of [
    [],
    ["--prompt", ""],
    ["--prompt-file", "a"],
    ["--interactive", "--count", "2"],
    ["--items", "2"],
  ])
    expect(refusal(...argv)).toBeUndefined();
  expect(refusal("--prompt", "", "--prompt-file", "a")).toMatch(/^--prompt and --prompt-file both say what to start/);
  expect(refusal("--prompt-file", "a", "--interactive")).toMatch(/^--prompt-file and --interactive both say/);
  const all = ["--interactive", "--count", "2", "--show-probabilities"];
  expect(refusal("--items", "2", ...all)).toMatch(
    /^--interactive and --count and --show-probabilities does not go with --items/,
  );
  expect(refusal("--items", "2", "--count", "1", "--prompt", "a")).toBeUndefined();
});
