import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { formatVocabulary, vocabularyFileName } from "@charlstm/keras";
import { type Checkpoint, encodeCheckpoint } from "@charlstm/model/checkpoint";
import { Command, Option } from "commander";
import writeFileAtomic from "write-file-atomic";
import { type Io, print } from "../io.js";
import { openModel } from "../model.js";
import { toPortable } from "../portable.js";

const formats = ["h5", "keras", "tfjs", "onnx", "safetensors"] as const;
type Format = (typeof formats)[number];

interface ExportFlags {
  format: Format;
  out?: string;
}

/** `charlstm export <model>` */
export function exportCommand(io: Io): Command {
  return new Command("export")
    .description("Write a model for Keras (.h5, .keras), TensorFlow.js, ONNX Runtime or PyTorch (.safetensors).")
    .argument("<model>", "the folder of a run or of a checkpoint")
    .addOption(new Option("--format <name>", "which").choices([...formats]).default("h5"))
    .option("--out <path>", "file to write, a folder for tfjs (default: char_lstm_model.<format>)")
    .action((model: string, flags: ExportFlags) => runExport(io, model, flags));
}

async function runExport(io: Io, path: string, { format, out }: ExportFlags): Promise<void> {
  const checkpoint = await openModel(io, path);
  const target = resolve(io.folder, out ?? (format === "tfjs" ? "char_lstm_model" : `char_lstm_model.${format}`));
  if (format === "tfjs") await writeTfjsFolder(target, checkpoint);
  else await writeModelFile(target, format, checkpoint);
  await print(io, `${target}\n`);
}

/** Writes a model as one file of another tool's format, and its vocabulary beside it. */
export async function writeModelFile(
  path: string,
  format: Exclude<Format, "tfjs">,
  checkpoint: Checkpoint,
): Promise<void> {
  const { writeKerasH5, writeKerasV3, writeOnnx, writeSafetensors } = await import("@charlstm/keras");
  const writers = { h5: writeKerasH5, keras: writeKerasV3, onnx: writeOnnx, safetensors: writeSafetensors };
  const bytes = await writers[format](toPortable(checkpoint));
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, Buffer.from(bytes));
  await writeFileAtomic(vocabularyFileName(path), formatVocabulary(checkpoint.vocabulary));
}

/** What `tf.loadLayersModel` opens: the two files of a checkpoint that are TensorFlow.js's. */
async function writeTfjsFolder(folder: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = encodeCheckpoint(checkpoint);
  for (const name of ["weights.bin", "model.json"])
    await writeFileAtomic(join(folder, name), Buffer.from(files.get(name)!));
}
