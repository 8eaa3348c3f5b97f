import { mkdir } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import {
  formatNotes,
  formatVocabulary,
  type ModelFormat,
  portableFromCheckpoint,
  vocabularyFileName,
  writeKerasH5,
  writeKerasV3,
  writeOnnx,
  writeSafetensors,
} from "@charlstm/keras";
import { type Checkpoint, encodeCheckpoint } from "@charlstm/model/checkpoint";
import { Command, Option } from "commander";
import writeFileAtomic from "write-file-atomic";
import { CliError } from "../errors.js";
import { type Io, print, say } from "../io.js";
import { openModel } from "../model.js";

const formats = ["h5", "keras", "tfjs", "onnx", "safetensors"] as const satisfies readonly ModelFormat[];

interface ExportFlags {
  format?: ModelFormat;
  out?: string;
  optimizer: boolean;
}

/** `charlstm export <model>` */
export function exportCommand(io: Io): Command {
  return new Command("export")
    .description("Write a model for Keras (.h5, .keras), TensorFlow.js, ONNX Runtime or PyTorch (.safetensors).")
    .argument("<model>", "the folder of a run or of a checkpoint")
    .addOption(new Option("--format <name>", "which (default: as --out ends, else h5)").choices([...formats]))
    .option("--out <path>", "file to write, a folder for tfjs (default: char_lstm_model.<format>)")
    .option("--no-optimizer", "leave the optimizer's state out (Keras 3 goes on training no .h5 that has one)")
    .action((model: string, flags: ExportFlags) => runExport(io, model, flags));
}

async function runExport(io: Io, path: string, flags: ExportFlags): Promise<void> {
  const format = formatOf(flags);
  const { optimizer, ...rest } = await openModel(io, path);
  const checkpoint: Checkpoint = optimizer && flags.optimizer ? { ...rest, optimizer } : rest;
  const target = resolve(io.folder, flags.out ?? (format === "tfjs" ? "char_lstm_model" : `char_lstm_model.${format}`));
  for (const note of formatNotes(portableFromCheckpoint(checkpoint), format)) say(io, `note: ${note}`);
  if (format === "tfjs") await writeTfjsFolder(target, checkpoint);
  else await writeModelFile(target, format, checkpoint);
  await print(io, `${target}\n`);
}

/** What is asked for by name, or by how the path ends; a path without an ending is a folder, which tfjs alone writes. */
function formatOf({ format, out }: ExportFlags): ModelFormat {
  if (out === undefined) return format ?? "h5";
  const ending = extname(out).slice(1).toLowerCase();
  const told = ending === "" ? "tfjs" : ending === "hdf5" ? "h5" : formats.find((name) => name === ending);
  if (format === undefined && told === undefined) {
    throw new CliError(
      "BAD_USAGE",
      `--out ${out} ends in no format known here (.h5, .keras, .onnx, .safetensors, a folder for tfjs): name one with --format`,
    );
  }
  if (format !== undefined && told !== undefined && told !== format && ending !== "") {
    throw new CliError(
      "BAD_USAGE",
      `--out ${out} ends as ${told}, --format says ${format}: leave one of them out, or let them agree`,
    );
  }
  return format ?? told!;
}

/** Writes a model as one file of another tool's format, and its vocabulary beside it. */
export async function writeModelFile(
  path: string,
  format: Exclude<ModelFormat, "tfjs">,
  checkpoint: Checkpoint,
): Promise<void> {
  const writers = { h5: writeKerasH5, keras: writeKerasV3, onnx: writeOnnx, safetensors: writeSafetensors };
  const bytes = await writers[format](portableFromCheckpoint(checkpoint));
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
