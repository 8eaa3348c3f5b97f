import { presets, settingsTable, type TrainingSettings } from "@charlstm/training";

/** What `charlstm help <topic>` prints; every line fits 80 columns. */
export const helpTopics: Readonly<Record<string, () => string>> = {
  presets: () => `Presets: settings for train to start from. Any flag overrides one of them.

  quick     the default: trains on whole sequences, for good text in minutes
  notebook  the Keras notebook to the letter: windows, RMSprop, 60 epochs
  large     a wider network with dropout, for better text in more time

${presetTable()}
`,
  files: () => `Files that train leaves in runs/<book>-<n>, or where --out says:

  run.json                     settings, versions, the text's sha256
  metrics.jsonl                a line an epoch: loss, held-out loss, speed
  generated_text/epoch_01.txt  what the model wrote, at each temperature
  checkpoints/epoch-0001/      enough to go on exactly (train --resume <run>)
  model/                       the final checkpoint, for generate and export
  char_lstm_model.h5           the same for Keras, its vocabulary beside it
  loss.svg, report.html        the loss by epoch, and everything on one page
  run.lock                     only while a process trains into the folder

A checkpoint's folder holds model.json and weights.bin, which TensorFlow.js
opens, charlstm.json (vocabulary, progress, checksums) and optimizer.bin. It
appears whole or not at all. Books are kept in the user's cache folder.
`,
  sampling: () => `Sampling: how generate draws the next character.

  --temperature  below 1 safer and duller, above 1 bolder; 0 always takes the
                 most probable character
  --top-k 10     draws from the 10 most probable characters only
  --top-p 0.9    draws from the most probable that make up 90 % together
  --min-p 0.05   leaves out what has less than 5 % of the best one's chance
  --typical-p    draws from those whose surprise is nearest to the expected
  --repetition-penalty, --frequency-penalty, --presence-penalty
                 make less likely what was written lately
  --seed         the same seed, model and flags give the same text again

They work in this order: penalties, temperature, top-k, top-p, min-p,
typical-p. --context stream remembers the whole text; --context window reads
the last window again for each character, as the notebook does.
`,
};

function presetTable(): string {
  const names = ["quick", "notebook", "large"] as const;
  const rows = (Object.keys(settingsTable) as (keyof TrainingSettings)[])
    .map((setting) => [setting, ...names.map((name) => shown(presets[name][setting]))])
    .filter(([, first, ...others]) => others.some((value) => value !== first));
  return [["", ...names], ...rows]
    .map((row) => `  ${row.map((cell) => cell.padEnd(14)).join("")}`.trimEnd())
    .join("\n");
}

function shown(value: TrainingSettings[keyof TrainingSettings]): string {
  return value !== undefined && typeof value === "object" && "name" in value ? value.name : String(value ?? "none");
}
