import { createVocabulary, encode, type Ids, type Vocabulary } from "@charlstm/vectorize";
import type { TextOrigin } from "../files/records.js";

/** A text that a run can train on. */
export interface PreparedText {
  text: string;
  ids: Ids;
  vocabulary: Vocabulary;
  origin: TextOrigin;
}

/** A clean text with its characters as ids. */
export function prepareText(text: string, origin: TextOrigin): PreparedText {
  const vocabulary = createVocabulary(text);
  return { text, ids: encode(text, vocabulary), vocabulary, origin };
}
