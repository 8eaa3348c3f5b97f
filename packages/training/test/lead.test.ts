import { expect, test } from "vitest";
import { generate } from "../src/index.js";
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
  const led = await write({ prompt: "the c", lead: "home. ", penalizePrompt: false });
  expect(led).toBe(await write({ prompt: "home. the c", penalizePrompt: false }));
  expect(led).not.toBe(await write({ prompt: "the c", penalizePrompt: false }));
  expect(led).toHaveLength(60);
  await expect(write({ prompt: "the c", lead: "Ω" })).rejects.toMatchObject({ code: "UNKNOWN_PROMPT_CHARACTERS" });
  await backend.dispose();
});
