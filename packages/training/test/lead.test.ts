import { createVocabulary } from "@charlstm/vectorize";
import { expect, test } from "vitest";
import { type Backend, generate, itemMark } from "../src/index.js";
import { defaultLead } from "../src/lead.js";
import { runAll, tinyBackend, tinySettings, tinyText } from "./helpers.js";

test("a lead is read before the prompt, as if the prompt began with it, and is neither yielded nor penalized", async () => {
  const text = tinyText();
  const settings = { ...tinySettings.sequence, temperatures: [] };
  const backend = await tinyBackend(settings, text, "engine");
  await runAll(backend, { settings }, text);
  const write = async (options: { prompt: string; lead?: string; penalizePrompt?: boolean }) => {
    let written = "";
    const drawn = generate(backend, text.vocabulary, { ...options, length: 60, seed: 4, presencePenalty: 1 });
    for await (const { character } of drawn) written += character;
    return written;
  };
  const bare = { lead: "", penalizePrompt: false };
  const led = await write({ prompt: "the c", lead: "home. ", penalizePrompt: false });
  expect(led).toBe(await write({ prompt: "home. the c", ...bare }));
  expect(led).not.toBe(await write({ prompt: "the c", ...bare }));
  expect(led).toHaveLength(60);
  await expect(write({ prompt: "the c", lead: "Ω" })).rejects.toMatchObject({ code: "UNKNOWN_PROMPT_CHARACTERS" });
  await backend.dispose();
});

test("where nobody says, a stream of a model of sequences reads a line's end first, or a space, and windows nothing", () => {
  const leadOf = (
    objective: "sequence" | "window",
    characters: string,
    prompt: string,
    context?: "window" | "stream",
  ) => defaultLead({ options: { objective } } as Backend, createVocabulary(characters), { prompt, context });
  expect(leadOf("sequence", "ab \n", "ab")).toBe("\n");
  expect(leadOf("sequence", "ab ", "ab")).toBe(" ");
  expect(leadOf("sequence", "ab", "ab")).toBe("");
  expect(leadOf("sequence", "ab \n", "\nab")).toBe("");
  expect(leadOf("sequence", "ab ", " ab")).toBe("");
  expect(leadOf("sequence", "ab \n", "ab", "window")).toBe("");
  expect(leadOf("window", "ab \n", "ab")).toBe("");
  expect(leadOf("sequence", `ab \n${itemMark}`, "ab")).toBe(itemMark);
  expect(leadOf("window", "ab \n", "ab", "stream")).toBe("");
});
