import { extname, resolve } from "node:path";
import type { ModelFormat } from "@charlstm/formats";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { Command, Option } from "commander";
import { CliError } from "../errors.js";
import { modelArgument, openModel, useOption } from "../model/model.js";
import { writeModelFile, writeTfjsFolder } from "../model/write-model.js";
import type { ModelChoice } from "../run/folder.js";
import { type Io, print, say } from "../terminal/io.js";
import { working } from "../terminal/working.js";

const formats = ["charlstm", "h5", "keras", "tfjs", "onnx", "safetensors"] as const satisfies readonly ModelFormat[];

interface ExportFlags {
  format?: ModelFormat;
  out?: string;
  use?: ModelChoice;
  optimizer: boolean;
}

/** `charlstm export <model>` */
export function exportCommand(io: Io): Command {
  return new Command("export")
    .description(
      "Write a model as one file (.charlstm), or for Keras (.h5, .keras), TensorFlow.js, ONNX Runtime or PyTorch (.safetensors).",
    )
    .argument("<model>", modelArgument)
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
      `--out ${out} ends in no format known here (.charlstm, .h5, .keras, .onnx, .safetensors, a folder for tfjs): name one with --format`,
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
