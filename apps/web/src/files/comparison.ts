import { settingsTable, type TrainingSettings } from "@charlstm/training";
import { formatCount, formatDuration, formatNumber } from "../logic/format.js";
import { inUnit, type LossUnit } from "../logic/loss-series.js";
import type { ModelRecord } from "./records.js";

/** One thing that is told of every run. */
export interface ComparedRow {
  name: string;
  /** In the order of the runs; `–` where it is not known. */
  values: readonly string[];
  /** What was chosen, and is not the same for all. */
  differs: boolean;
  /** The run that does best by it. */
  best?: number;
}

/** What came of runs: of these rows the values always differ. */
export function outcomes(runs: readonly ModelRecord[], unit: LossUnit): ComparedRow[] {
  const heldOut = runs.map(lowestHeldOut);
  const shown = (loss: number | undefined) => (loss === undefined ? unknown : inUnit(loss, unit).toFixed(3));
  const known = heldOut.filter((loss) => loss !== undefined);
  const best = known.length > 1 ? heldOut.indexOf(Math.min(...known)) : -1;
  const row = (name: string, tell: (run: ModelRecord) => string) => ({ name, values: runs.map(tell), differs: false });
  return [
    { ...row(`Held-out loss, ${unit}`, (run) => shown(lowestHeldOut(run))), ...(best < 0 ? {} : { best }) },
    row(`Loss, ${unit}`, ({ losses }) => shown(losses.train.at(-1)?.loss)),
    row("Steps", ({ step, totalSteps }) => `${formatCount(step)} of ${formatCount(totalSteps)}`),
    row("Time", ({ effort }) => (effort ? formatDuration(effort.seconds) : unknown)),
    row("Characters a second", ({ effort }) =>
      effort && effort.seconds > 0 ? formatCount(effort.characters / effort.seconds) : unknown,
    ),
  ];
}

/** What the runs were made with: the text and every setting. */
export function choicesOf(runs: readonly ModelRecord[]): ComparedRow[] {
  const row = (name: string, tell: (run: ModelRecord) => string | undefined): ComparedRow => {
    const values = runs.map((run) => tell(run) ?? unknown);
    return { name, values, differs: new Set(values).size > 1 };
  };
  const settings = (Object.keys(settingsTable) as (keyof TrainingSettings)[]).filter(
    (name) => settingsTable[name].form,
  );
  return [
    row("Text", ({ run }) => run?.text.title),
    ...settings.map((name) =>
      row(settingsTable[name].form!.label, ({ run, units }) =>
        name === "units" ? units.join(" + ") : run && shownSetting(run.choices.settings[name]),
      ),
    ),
  ];
}

const unknown = "–";

/** The lowest held-out loss of a run's epochs; of one within its first the latest estimate. */
function lowestHeldOut({ losses, places }: ModelRecord): number | undefined {
  return places?.best.heldOutLoss ?? losses.heldOut.at(-1)?.loss;
}

function shownSetting(value: unknown): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "object" && value !== null && "name" in value) return String(value.name);
  return value === undefined ? "none" : String(value);
}
