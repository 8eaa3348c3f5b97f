import type { PortableModel } from "./portable-model.js";

/** The formats that models go out in; `charlstm` is a whole checkpoint as one file. */
export type ModelFormat = "charlstm" | "h5" | "keras" | "tfjs" | "onnx" | "safetensors";

/**
 * What a model loses in a format, or whoever opens it there has to know, a sentence each.
 *
 * @param format `tfjs` is what `encodeCheckpoint` of `@charlstm/model` writes.
 */
export function formatNotes({ architecture, objective, optimizer }: PortableModel, format: ModelFormat): string[] {
  const notes: string[] = [];
  const hard = architecture.recurrentActivation !== undefined;
  const isKeras = format === "h5" || format === "keras" || format === "tfjs";
  if (isKeras && objective === "sequence") {
    notes.push(
      `the model was trained on whole sequences and leaves as one that takes ${architecture.window} characters from an empty state ` +
        "and predicts the one after them: it writes best with its state carried on, as charlstm, ONNX or stateful layers do",
    );
  }
  if (format === "h5" && optimizer?.config.name === "adamw") {
    notes.push(
      "the state of AdamW has no place in .h5 that all versions of Keras read and is left out: .keras keeps it",
    );
  } else if (format === "h5" && optimizer) {
    notes.push(
      'Keras 3 predicts from an .h5 with an optimizer, but cannot go on training any ("Unknown variable"), not even its own: ' +
        "for Keras 3 write .keras, or compile the model again there",
    );
  }
  if (format === "h5" && hard) {
    notes.push("Keras 3 computes another hard_sigmoid than Keras 2, for which this .h5 is: for Keras 3 write .keras");
  }
  if (format === "keras" && hard && optimizer) {
    notes.push(
      "Keras 3's hard_sigmoid wants the weights scaled: the optimizer's state, which belongs to them, is left out",
    );
  }
  return notes;
}
