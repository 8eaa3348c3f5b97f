import type { ItemKind } from "@charlstm/training";
import type { WebPreset } from "./settings.js";

export type BundledText = "novel" | "verse" | "play" | "names" | "tunes" | "code";

/** A text that the page offers; it is fetched when it is chosen. */
export interface BundledTextFacts {
  title: string;
  about: string;
  /** Who wrote it, and that it is free. */
  source: string;
  /** What suits it. */
  preset: WebPreset;
  /** What of it is an item, where it is many. */
  items?: ItemKind;
  /** The lowest held-out loss of that preset, in nats per character; `node bench/text-losses.js` measures it. */
  heldOutLoss: number;
}

export const bundledTexts: Readonly<Record<BundledText, BundledTextFacts>> = {
  novel: {
    title: "Moby-Dick",
    about: "Prose: a novel of 1.2 million characters.",
    source: "Herman Melville, 1851; public domain.",
    ...{ preset: "first-words", heldOutLoss: 1.69 },
  },
  verse: {
    title: "Ballads",
    about: "Verse: it learns stanzas, metre and which words rhyme.",
    source: "Written for this page by a script; as free as the page.",
    ...{ preset: "quick", heldOutLoss: 0.4 },
  },
  play: {
    title: "A comedy",
    about: "A play: scenes, who speaks, and what they do in brackets.",
    source: "Written for this page by a script; as free as the page.",
    ...{ preset: "quick", heldOutLoss: 0.21 },
  },
  names: {
    title: "First names",
    about: "Names, each an item of its own: it invents new ones.",
    source: "From the Moby Word lists; public domain.",
    ...{ preset: "quick", items: "line", heldOutLoss: 1.95 },
  },
  tunes: {
    title: "Jigs and reels",
    about: "Tunes in ABC notation: paste what it writes into any ABC player.",
    source: "Written for this page by a script; as free as the page.",
    ...{ preset: "quick", heldOutLoss: 0.79 },
  },
  code: {
    title: "uPlot’s source",
    about: "JavaScript: the code that draws this page’s charts.",
    source: "Leon Sorokin; MIT licence.",
    ...{ preset: "quick", heldOutLoss: 1.37 },
  },
};
