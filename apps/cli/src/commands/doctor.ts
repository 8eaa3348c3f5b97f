import { Command } from "commander";
import { describeHost, environmentLine } from "../bench/environment.js";
import { examineEngine, examineNative, examineTfjs } from "../doctor/examine.js";
import { type BackendFindings, formatFindings } from "../doctor/findings.js";
import { type Io, printJson, write } from "../terminal/io.js";
import { terminalText } from "../terminal/terminal-text.js";

/** `charlstm doctor` */
export function doctorCommand(io: Io): Command {
  return new Command("doctor")
    .description("Say which backends run here, on what, and what to install for the others.")
    .option("--json", "print one object")
    .action((flags: { json?: boolean }) => runDoctor(io, flags));
}

async function runDoctor(io: Io, flags: { json?: boolean }): Promise<void> {
  const environment = describeHost();
  const backends: BackendFindings[] = [
    await examineEngine(),
    await examineTfjs("tfjs-cpu"),
    await examineTfjs("tfjs-wasm"),
    await examineNative("tfjs-node", io),
    await examineNative("tfjs-node-gpu", io),
  ];
  if (flags.json) await printJson(io, { environment, backends });
  else await write(io.stdout, terminalText(`${environmentLine(environment)}\n\n${formatFindings(backends)}`));
}
