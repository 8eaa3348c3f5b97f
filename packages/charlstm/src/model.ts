import type { ModelFormat } from "@charlstm/formats";
import type { Checkpoint, CheckpointStore } from "@charlstm/model/checkpoint";
import {
  type Backend,
  createEngineBackend,
  type Evaluation,
  evaluate,
  type GeneratedCharacter,
  type GenerateOptions,
  generate,
  itemKindOf,
  longestRunsOf,
  readingOptions,
  type WriteItemsOptions,
  writeItems,
} from "@charlstm/training";
import { encode, type Vocabulary, vocabularyFromJSON } from "@charlstm/vectorize";
import { CharlstmError } from "./errors.js";
import { saveModel } from "./places.js";
import { type ReadingOptions, readTexts, type Text } from "./text.js";
import { type TrainOptions, trainedOf, trainFrom } from "./training-run.js";

/** What is written; where nothing says how, it is drawn for reading, as the command line's `generate` does. */
export interface WriteOptions extends Omit<GenerateOptions, "prompt"> {
  /**
   * What the text goes on from. Default: a line's end, where most of a text begins, or the model's first character; of a model of items
   * nothing, so that it begins one.
   */
  prompt?: string | undefined;
}

/** How whole items are written: as any text, `count` of them side by side, each to its end. */
export type ItemOptions = Omit<WriteItemsOptions, "alternatives">;

/** Options that leave how characters are drawn as it is. */
const beside = [
  "prompt",
  "lead",
  "length",
  "maxLength",
  "seed",
  "random",
  "count",
  "context",
  "window",
  "stop",
  "alternatives",
  "unknown",
  "signal",
];

/** A trained model: it writes, scores texts, learns further, and goes to files. */
export class CharacterModel {
  readonly #vocabulary: Vocabulary;
  #writing: Promise<Backend> | undefined;
  #disposed = false;

  /** @param checkpoint What the model is: weights, vocabulary, and of what run. */
  constructor(readonly checkpoint: Checkpoint) {
    this.#vocabulary = vocabularyFromJSON(checkpoint.vocabulary);
  }

  /** The characters that it reads and writes, sorted by code point. */
  get characters(): readonly string[] {
    return this.checkpoint.vocabulary;
  }

  /**
   * Writes, character by character.
   *
   * @throws {TrainingError} `UNKNOWN_PROMPT_CHARACTERS`, `EMPTY_PROMPT`, `BAD_OPTION`; the sampler's errors for its options.
   */
  async *write(options: WriteOptions = {}): AsyncGenerator<GeneratedCharacter, void, void> {
    const backend = await this.#backend();
    const { prompt = this.#beginning(), ...drawn } = options;
    yield* generate(backend, this.#vocabulary, { prompt, ...this.#ways(drawn), ...drawn });
  }

  /**
   * Writes `count` whole items, with a model that was trained on items.
   *
   * @throws {TrainingError} `NO_ITEMS`: it was not; as `write`.
   */
  async items(options: ItemOptions = {}): Promise<string[]> {
    const backend = await this.#backend();
    const items: string[] = [];
    const ways = { ...this.#ways(options), ...options };
    for await (const { item, text } of writeItems(backend, this.#vocabulary, ways)) items[item] = text;
    return items;
  }

  /** Writes a text: `length` characters, or fewer where `stop` ends it; without the prompt. */
  async text(options: Omit<WriteOptions, "count"> = {}): Promise<string> {
    let text = "";
    for await (const { character } of this.write(options)) text += character;
    return text;
  }

  /**
   * How well the model predicts a text.
   *
   * @throws {VectorizeError} `UNKNOWN_CHARACTERS`: the text has characters that the model never saw.
   * @throws {TrainingError} `TEXT_TOO_SHORT`.
   */
  async evaluate(texts: Text | readonly Text[], options: ReadingOptions = {}): Promise<Evaluation> {
    this.#checkUse();
    const items = itemKindOf(this.checkpoint);
    const { text } = await readTexts(texts, options, items);
    const ids = encode(text, this.#vocabulary);
    const { objective, architecture } = this.checkpoint;
    const isWindow = objective === "window";
    const backend = await this.#open(isWindow ? { rows: 128, purpose: "scoring" } : { rows: 1, purpose: "streams" });
    try {
      const context = items ? "items" : isWindow ? "window" : "stream";
      return await evaluate(backend, ids, { context, window: architecture.window, signal: options.signal });
    } finally {
      await backend.dispose();
    }
  }

  /**
   * Goes on with another text, and gives the model that comes of it; this one stays as it is. Characters that are new to it are
   * learnt too. The learning rate rises and falls anew.
   *
   * @throws As `train`.
   */
  async train(texts: Text | readonly Text[], options: TrainOptions = {}): Promise<CharacterModel> {
    this.#checkUse();
    return new CharacterModel(await trainedOf(trainFrom(this.checkpoint, texts, options), options.onEpoch));
  }

  /**
   * Saves the model whole: in Node into a folder of this path, in a browser into its database under this name; or into a store.
   *
   * @throws {ModelError} `OCCUPIED`: a folder that is not a checkpoint's is there; `BAD_NAME`, or why it cannot be written.
   */
  async save(place: string | { readonly store: CheckpointStore; readonly name: string }): Promise<void> {
    await saveModel(this.checkpoint, place);
  }

  /** The bytes of the model for another tool; `tfjs` gives its two files by their names. */
  export(format: "tfjs"): Promise<ReadonlyMap<string, Uint8Array>>;
  export(format: Exclude<ModelFormat, "tfjs">): Promise<Uint8Array>;
  async export(format: ModelFormat): Promise<Uint8Array | ReadonlyMap<string, Uint8Array>> {
    const { writeModel } = await import("@charlstm/formats"); // the writers are loaded when they are asked for
    const { files } = writeModel(this.checkpoint, format);
    return format === "tfjs" ? files : [...files.values()][0]!;
  }

  /** Frees memory and threads; idempotent. They end with the process too. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await (await this.#writing)?.dispose();
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** How characters are drawn where nothing says how. */
  #ways(options: ItemOptions | Omit<WriteOptions, "prompt">): Partial<GenerateOptions> {
    const isPlain = Object.entries(options).some(([name, value]) => value !== undefined && !beside.includes(name));
    const isNotebook = (options.context ?? this.checkpoint.objective) === "window";
    const longestRuns = longestRunsOf(this.checkpoint);
    return { ...(isPlain || isNotebook ? { temperature: 0.5 } : readingOptions), longestRuns };
  }

  #beginning(): string {
    if (itemKindOf(this.checkpoint) !== undefined) return "";
    return this.characters.includes("\n") ? "\n" : this.characters[0]!;
  }

  #checkUse(): void {
    if (this.#disposed) throw new CharlstmError("DISPOSED", "this model was disposed of: load or train another");
  }

  async #backend(): Promise<Backend> {
    this.#checkUse();
    this.#writing ??= this.#open({ rows: 1, purpose: "streams" });
    return this.#writing;
  }

  async #open(shape: { rows: number; purpose: "streams" | "scoring" }): Promise<Backend> {
    const { architecture, objective, weights } = this.checkpoint;
    const backend = await createEngineBackend({
      ...{ architecture, objective, optimizer: { name: "sgd" }, seed: 0, threads: 1 },
      ...shape,
    });
    backend.writeWeights(weights);
    return backend;
  }
}
