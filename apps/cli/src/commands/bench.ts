import os from "node:os";
import { allBuilds, type Build, inspectBuilds } from "@charlstm/engine";
import { Command, Option } from "commander";
import type { TfjsName } from "../backends.js";
import { type Comparison, compare, type Rivals } from "../bench/compare.js";
import { describeHost, environmentLine, presentTfjs, tfjsVersion } from "../bench/environment.js";
import { measureFootprint } from "../bench/footprint.js";
import { startPyTorch } from "../bench/pytorch.js";
import { qualityCommand } from "../bench/quality.js";
import { comparisonReport, footprintReport, scalingReport } from "../bench/report.js";
import { fullPatience, quickPatience } from "../bench/rival.js";
import { measureScaling } from "../bench/scaling.js";
import { type WorkName, workNames, works } from "../bench/works.js";
import { type Io, printJson, say, write } from "../io.js";
import { terminalText } from "../terminal-text.js";

/** Rivals in TensorFlow.js; `tfjs-node` only where it is installed. */
const tfjsNames = ["tfjs-cpu", "tfjs-wasm", "tfjs-node"] as const satisfies readonly TfjsName[];

interface BenchFlags {
  work?: WorkName[];
  backend?: (typeof tfjsNames)[number][];
  engineBuild?: Build[];
  pytorch?: boolean;
  python?: string;
  scaling?: boolean;
  quick?: boolean;
  json?: boolean;
}

/** `charlstm bench`, and `charlstm bench quality` */
export function benchCommand(io: Io): Command {
  return new Command("bench")
    .description("Time the engine and every TensorFlow.js backend present on the same steps, side by side.")
    .addOption(new Option("--work <name...>", "what to time (default: all)").choices([...workNames]))
    .addOption(new Option("--backend <name...>", "rivals of the engine (default: all present)").choices([...tfjsNames]))
    .addOption(
      new Option("--engine-build <name...>", "the engine's builds (default: all that run here)").choices(allBuilds),
    )
    .option("--pytorch", "add PyTorch on the CPU; with --engine-build avx2 first, held to AVX2 too")
    .option("--python <path>", "the interpreter that has PyTorch (default: CHARLSTM_TORCH_PYTHON, then python3)")
    .option("--scaling", "add a table of the step's time over rows, length and units")
    .option("--quick", "few repetitions: shows that it works, not how fast")
    .option("--json", "print one object")
    .action((flags: BenchFlags) => runBench(io, flags))
    .addCommand(qualityCommand(io));
}

async function runBench(io: Io, flags: BenchFlags): Promise<void> {
  const { signal } = io;
  const environment = describeHost();
  const { present: tfjs, missing } = await presentTfjs(flags.backend ?? tfjsNames);
  for (const { name, reason } of missing) {
    say(io, flags.backend ? `${name} is left out: ${reason}` : `${name} is not here, so it is left out`);
  }
  if (tfjs.length > 0) environment.tfjs = await tfjsVersion();
  const builds = flags.engineBuild ?? inspectBuilds().builds;
  const pytorch = flags.pytorch
    ? await startPyTorch(flags.python ?? io.env.CHARLSTM_TORCH_PYTHON ?? "python3", builds[0] === "avx2")
    : undefined;
  if (pytorch) environment.pytorch = pytorch.version;
  const print = async (text: string) => {
    if (!flags.json) await write(io.stdout, `${terminalText(text)}\n`);
  };
  await print(environmentLine(environment));

  const rivals: Rivals = {
    builds,
    threads: [1, 2, 4, 8].filter((threads) => threads <= os.availableParallelism()),
    ...{ tfjs, pytorch, signal, patience: flags.quick ? quickPatience : fullPatience },
  };
  const comparisons: Comparison[] = [];
  try {
    for (const name of flags.work ?? workNames) {
      say(io, `timing ${name} ...`);
      const comparison = await compare(works[name], rivals);
      comparisons.push(comparison);
      await print(`\n${comparisonReport(works[name], comparison)}`);
    }
  } finally {
    await pytorch?.close();
  }
  const scaling = flags.scaling ? await measureScaling(flags.quick ? 1 : 9, signal) : undefined;
  if (scaling) await print(scalingReport(scaling));
  const footprint = await measureFootprint(
    flags.quick ? { trainingSteps: 5, starts: 1 } : { trainingSteps: 100, starts: 7 },
    signal,
  );
  await print(footprintReport(footprint));
  if (!flags.json) return;
  const rows = comparisons.flatMap((comparison) => comparison.rows);
  const agreement = comparisons.flatMap((comparison) => comparison.agreement);
  const profiles = comparisons.flatMap(({ rows, profile }) => (profile ? [{ work: rows[0]!.work, ...profile }] : []));
  await printJson(io, { environment, rows, agreement, profiles, footprint, ...(scaling && { scaling }) });
}
