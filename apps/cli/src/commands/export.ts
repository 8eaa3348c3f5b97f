import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { formatVocabulary, type ModelFormat, vocabularyFileName, writeModel } from "@charlstm/formats";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { Command, Option } from "commander";
import { CliError } from "../errors.js";
import { marks } from "../files/marks.js";
import { checkOwnFile, writeOwnFile } from "../files/own-files.js";
import { type ModelChoice, openModel, useOption } from "../model/model.js";
import { type Io, print, say } from "../terminal/io.js";
import { working } from "../terminal/working.js";

const formats = ["h5", "keras", "tfjs", "onnx", "safetensors"] as const satisfies readonly ModelFormat[];

interface ExportFlags {
  format?: ModelFormat;
  out?: string;
  use?: ModelChoice;
  optimizer: boolean;
}

/** `charlstm export <model>` */
export function exportCommand(io: Io): Command {
  return new Command("export")
    .description("Write a model for Keras (.h5, .keras), TensorFlow.js, ONNX Runtime or PyTorch (.safetensors).")
    .argument("<model>", "the folder of a run or of a checkpoint")
    .addOption(new Option("--format <name>", "which (default: as --out ends, else h5)").choices([...formats]))
    .option("--out <path>", "file to write, a folder for tfjs (default: char_lstm_model.<format>)")
    .addOption(useOption())
    .option("--no-optimizer", "leave the optimizer's state out (Keras 3 goes on training no .h5 that has one)")
    .action((model: string, flags: ExportFlags) => runExport(io, model, flags));
}

async function runExport(io: Io, path: string, flags: ExportFlags): Promise<void> {
  const format = formatOf(flags);
  const { optimizer, ...rest } = await openModel(io, path, flags.use);
  const checkpoint: Checkpoint = optimizer && flags.optimizer ? { ...rest, optimizer } : rest;
  const target = resolve(io.folder, flags.out ?? (format === "tfjs" ? "char_lstm_model" : `char_lstm_model.${format}`));
  const writing = format === "tfjs" ? writeTfjsFolder(target, checkpoint) : writeModelFile(target, format, checkpoint);
  const notes = await working(io, `writing ${target}`, writing);
  for (const note of notes)
    say(io, `note: ${note.replace("write .keras", "$&, leave the optimizer out (--no-optimizer)")}`);
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

/** Writes a model as one file of another tool's format, and its vocabulary beside it; gives what it loses there. */
export async function writeModelFile(
  path: string,
  format: Exclude<ModelFormat, "tfjs">,
  checkpoint: Checkpoint,
): Promise<readonly string[]> {
  const { files, notes } = writeModel(checkpoint, format);
  const [bytes] = [...files.values()];
  await mkdir(dirname(path), { recursive: true });
  // A vocabulary has no mark of its own: it goes with the model that it lies beside.
  const vocabularyMark = existsSync(path) ? marks.vocabulary : marks.none;
  const [vocabularyFile, vocabulary] = [vocabularyFileName(path), formatVocabulary(checkpoint.vocabulary)];
  await checkOwnFile(path, marks.model);
  await writeOwnFile(vocabularyFile, vocabulary, vocabularyMark);
  await writeOwnFile(path, bytes!, marks.model);
  return notes;
}

/**
 * What `tf.loadLayersModel` opens: the two files of a checkpoint that are TensorFlow.js's, in a folder of their own.
 *
 * @throws {CliError} `OCCUPIED`: a checkpoint is there, or files of these names that are not ours.
 */
async function writeTfjsFolder(folder: string, checkpoint: Checkpoint): Promise<readonly string[]> {
  const [model, weights] = [join(folder, "model.json"), join(folder, "weights.bin")];
  if (existsSync(join(folder, "charlstm.json"))) {
    throw new CliError("OCCUPIED", `${folder} is a checkpoint, which would be changed: name another folder with --out`);
  }
  await checkOwnFile(model, marks.tfjs);
  await mkdir(folder, { recursive: true });
  const { files, notes } = writeModel(checkpoint, "tfjs");
  // Weights have no mark of their own: they go with the model.json beside them.
  await writeOwnFile(weights, files.get("weights.bin")!, existsSync(model) ? async () => true : marks.none);
  await writeOwnFile(model, files.get("model.json")!, marks.tfjs);
  return notes;
}
