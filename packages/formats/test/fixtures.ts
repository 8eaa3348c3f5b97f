import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("./fixtures/", import.meta.url));

/** What the Keras that wrote a file computed with it. */
export interface Expected {
  readonly keras: string;
  readonly optimizer: string;
  readonly windows: number[][];
  readonly probabilities: number[][];
  readonly batches?: { inputs: number[][]; targets: number[]; loss: number }[];
}

/** The rate that `make_fixtures.py` trained with. */
export const LEARNING_RATE = 0.01;

/** All model files that Keras wrote. */
export const kerasFiles = readdirSync(folder).filter((name) => /\.(h5|keras)$/.test(name));

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(folder + name));
}

export function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(folder + name.replace(/\.(h5|keras)$/, ".json"), "utf8")) as Expected;
}

/** A tfjs model of several files. */
export function tfjsFixture(name: string): { modelJson: string; weights: Map<string, Uint8Array> } {
  const files = readdirSync(`${folder}${name}`).filter((file) => file.endsWith(".bin"));
  return {
    modelJson: readFileSync(`${folder}${name}/model.json`, "utf8"),
    weights: new Map(files.map((file) => [file, fixture(`${name}/${file}`)])),
  };
}
