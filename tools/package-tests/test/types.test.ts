import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { typecheck } from "../src/typecheck.js";
import { publishedPackages } from "../src/workspace.js";

const entries = publishedPackages.flatMap((published) => published.entries);
const program = `
import { createRandom, isSamplingError, sample, type Random, type SampleOptions } from "@charlstm/sampling";
const random: Random = createRandom(7);
const options: SampleOptions = { temperature: 0.5, random };
export const id: number = sample(new Float32Array([0.25, 0.75]), options);
export const state: readonly number[] = random.state;
export const code = (error: unknown): string | undefined => (isSamplingError(error) ? error.code : undefined);
// @ts-expect-error: a temperature is a number
sample([1], { temperature: "hot" });
`;

const resolutions = [
  { moduleResolution: "bundler", module: "esnext" },
  { moduleResolution: "nodenext", module: "nodenext" },
];

test("@charlstm/sampling is found by tools that read no package exports", async () => {
  const folder = join(inject("project"), "types-node10");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "program.ts"), program);
  const resolution = { moduleResolution: "node10", module: "esnext" };
  expect(await typecheck(folder, resolution)).toBe("");
});

test.each(resolutions)("every entry has sound types with moduleResolution $moduleResolution", async (resolution) => {
  const folder = join(inject("project"), `types-${resolution.moduleResolution}`);
  mkdirSync(folder, { recursive: true });
  const imports = entries.map((entry, index) => `export * as entry${index} from ${JSON.stringify(entry)};\n`);
  writeFileSync(join(folder, "entries.ts"), imports.join(""));
  writeFileSync(join(folder, "program.ts"), program);
  expect(await typecheck(folder, resolution)).toBe("");
});
