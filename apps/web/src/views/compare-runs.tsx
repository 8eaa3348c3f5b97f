import { signal } from "@preact/signals";
import { type ComparedRow, choicesOf, outcomes } from "../files/comparison.js";
import type { ModelRecord } from "../files/records.js";
import { DeleteButton } from "../parts/delete-button.js";
import { SwitchField } from "../parts/fields.js";
import { mostRuns, RunsChart } from "../parts/runs-chart.js";
import { TitleField } from "../parts/title-field.js";
import { UnitSwitch } from "../parts/unit-switch.js";
import { models, runId } from "../state/models.js";
import { isBusy, lossUnit } from "../state/run.js";
import { elsewhere } from "../state/tabs.js";

/** The runs that were taken out of the comparison; until then the newest are in it. */
const left = signal<ReadonlySet<string>>(new Set());
const isWhole = signal(false);

/** The runs that this browser keeps, side by side: what came of them, what they were made with, and their losses in one chart. */
export default function CompareRuns() {
  const all = models.value.filter(({ losses }) => losses.train.length > 0);
  const runs = all.filter(({ id }) => !left.value.has(id)).slice(0, mostRuns);
  return (
    <section class="card stack compare" aria-labelledby="compare-title">
      <div class="card-head">
        <h2 id="compare-title">Runs compared</h2>
        <UnitSwitch />
      </div>
      {all.length > 1 && <Choose all={all} runs={runs} />}
      {runs.length > 0 && (
        <>
          <p class="legend">
            <span class="key solid">training text</span>
            <span class="key dashed">held-out text</span>
          </p>
          <RunsChart runs={runs} unit={lossUnit.value} />
          <Table runs={runs} />
        </>
      )}
    </section>
  );
}

function Choose({ all, runs }: { all: readonly ModelRecord[]; runs: readonly ModelRecord[] }) {
  const choose = (id: string, isIn: boolean) => {
    const others = new Set(left.value);
    if (isIn) others.delete(id);
    else others.add(id);
    left.value = others;
  };
  const isFull = runs.length === mostRuns;
  return (
    <fieldset class="chosen-runs">
      <legend class="unseen">Runs in the comparison</legend>
      {all.map(({ id, title, savedAt }) => {
        const isIn = runs.some((run) => run.id === id);
        return (
          <SwitchField
            key={id}
            label={`${title}, ${new Date(savedAt).toLocaleTimeString(undefined, { timeStyle: "short" })}`}
            checked={isIn}
            disabled={isFull && !isIn}
            onChange={(value) => choose(id, value)}
          />
        );
      })}
      {isFull && all.length > mostRuns && <p class="fine">{mostRuns} at a time: take one out to put another in.</p>}
    </fieldset>
  );
}

function Table({ runs }: { runs: readonly ModelRecord[] }) {
  const choices = choicesOf(runs);
  const shown = runs.length === 1 || isWhole.value ? choices : choices.filter(({ differs }) => differs);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it, the keyboard could not scroll the table. */}
      <section class="wide" tabIndex={0} aria-label="Table of the runs">
        <table class="runs" data-testid="runs">
          <thead>
            <tr>
              <td />
              {runs.map((run, index) => (
                <th key={run.id} scope="col" style={{ "--run": `var(--run-${index})` }}>
                  <TitleField id={run.id} title={run.title} label="Name of the run" />
                  {!isTraining(run) && <DeleteButton record={run} label={`Run ${run.title}: delete`} />}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...outcomes(runs, lossUnit.value), ...shown].map((row) => (
              <Row key={row.name} row={row} runs={runs} />
            ))}
            <tr>
              <th scope="row">It wrote</th>
              {runs.map(({ id, sample }) => (
                <td key={id} class="sample small" dir="auto">
                  {sample || "–"}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </section>
      {runs.length > 1 && (
        <SwitchField
          label="Also what is the same"
          hint={shown.length === 0 ? "These runs have the same text and the same settings." : undefined}
          checked={isWhole.value}
          onChange={(value) => (isWhole.value = value)}
        />
      )}
    </>
  );
}

const isTraining = ({ id }: ModelRecord): boolean => (isBusy.value && id === runId.value) || elsewhere.value.has(id);

function Row({ row, runs }: { row: ComparedRow; runs: readonly ModelRecord[] }) {
  return (
    <tr class={row.differs ? "differs" : ""}>
      <th scope="row">{row.name}</th>
      {row.values.map((value, index) => (
        <td key={runs[index]!.id}>{row.best === index ? <strong>{value}, the lowest</strong> : value}</td>
      ))}
    </tr>
  );
}
