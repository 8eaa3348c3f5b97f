import os from "node:os";
import { allBuilds, type Build, inspectBuilds } from "@charlstm/engine";
import { Command, Option } from "commander";
import type { TfjsName } from "../backends/backends.js";
import { loadBrain } from "../bench/brain.js";
import { type Comparison, compare } from "../bench/compare.js";
import { describeHost, environmentLine, presentTfjs, tfjsVersion } from "../bench/environment.js";
import { measureFootprint } from "../bench/footprint.js";
import { measureOnPaper } from "../bench/on-paper.js";
import { type PyTorch, startPyTorch } from "../bench/pytorch.js";
import { qualityCommand } from "../bench/quality.js";
import { fullPatience, quickPatience } from "../bench/rival.js";
import type { Rivals } from "../bench/rivals.js";
import { measureScaling } from "../bench/scaling.js";
import { comparisonTable, footprintTable, paperTable, scalingTable } from "../bench/tables.js";
import { isStep, type WorkName, workNames, works } from "../bench/works.js";
import { type Io, printJson, say, write } from "../terminal/io.js";
import { terminalText } from "../terminal/terminal-text.js";

/** Rivals in TensorFlow.js; `tfjs-node` only where it is installed. */
const tfjsNames = ["tfjs-cpu", "tfjs-wasm", "tfjs-node"] as const satisfies readonly TfjsName[];

interface BenchFlags {
  work?: WorkName[];
  backend?: (typeof tfjsNames)[number][];
  engineBuild?: Build[];
  pytorch?: boolean;
  python?: string;
  brain?: string;
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
    .option("--pytorch", "add PyTorch on the CPU; where avx2 is not the widest build, held to AVX2 as well")
    .option("--python <path>", "the interpreter that has PyTorch (default: CHARLSTM_TORCH_PYTHON, then python3)")
    .option("--brain <folder>", "add brain.js's LSTM, from the folder that it is installed in")
    .option("--scaling", "add tables of the step's time over rows, length and units, and on paper over more cores")
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
  const brain = flags.brain === undefined ? undefined : loadBrain(flags.brain);
  if (brain) environment.brain = brain.version;
  const pytorch: PyTorch[] = [];
  if (flags.pytorch) {
    const python = flags.python ?? io.env.CHARLSTM_TORCH_PYTHON ?? "python3";
    pytorch.push(await startPyTorch(python, "pytorch"));
    // Where AVX2 is all there is, it is held to it anyway.
    const isHeld = builds.includes("avx2") && inspectBuilds().builds.includes("avx512");
    if (isHeld) pytorch.push(await startPyTorch(python, "pytorch-avx2"));
    environment.pytorch = pytorch.map(({ version, vectors }) => `${version} with ${vectors}`).join(" and ");
  }
  const print = async (text: string) => {
    if (!flags.json) await write(io.stdout, `${terminalText(text)}\n`);
  };
  await print(environmentLine(environment));

  const rivals: Rivals = {
    builds,
    threads: [1, 2, 4, 8].filter((threads) => threads <= os.availableParallelism()),
    ...{ tfjs, pytorch, brain, signal, patience: flags.quick ? quickPatience : fullPatience },
  };
  const comparisons: Comparison[] = [];
  try {
    for (const name of flags.work ?? workNames) {
      say(io, `timing ${name} ...`);
      const comparison = await compare(works[name], rivals);
      comparisons.push(comparison);
      await print(`\n${comparisonTable(works[name], comparison)}`);
    }
  } finally {
    for (const each of pytorch) await each.close();
  }
  const scaling = flags.scaling ? await measureScaling(flags.quick ? 1 : 9, signal) : undefined;
  if (scaling) await print(scalingTable(scaling));
  const steps = Object.values(works).filter(isStep);
  const paper = flags.scaling ? await measureOnPaper(builds[0]!, steps, flags.quick ? 1 : 30, signal) : undefined;
  if (paper) await print(paperTable(paper));
  const footprint = await measureFootprint(
    flags.quick ? { trainingSteps: 5, starts: 1 } : { trainingSteps: 100, starts: 7 },
    signal,
  );
  await print(footprintTable(footprint));
  if (!flags.json) return;
  const rows = comparisons.flatMap((comparison) => comparison.rows);
  const agreement = comparisons.flatMap((comparison) => comparison.agreement);
  const profiles = comparisons.flatMap(({ rows, profile }) => (profile ? [{ work: rows[0]!.work, ...profile }] : []));
  const best = comparisons.flatMap((comparison) => comparison.best);
  await printJson(io, {
    environment,
    rows,
    best,
    agreement,
    profiles,
    footprint,
    ...(scaling && { scaling }),
    ...(paper && { paper }),
  });
}
