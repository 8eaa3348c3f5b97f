import { useMemo, useState } from "preact/hooks";
import type { RunReport } from "../report-data.js";
import { Chart, type Range } from "./chart.js";
import { bestEpoch, hasHeldOut, judged } from "./figures.js";
import { count, type LossUnit, lossText, tick } from "./format.js";
import { type Axis, type Curve, lossPlot, ratePlot, speedPlot } from "./series.js";
import type { Theme } from "./theme.js";

interface LossSectionProps {
  runs: readonly RunReport[];
  theme: Theme;
  /** The epoch whose samples are shown. */
  epoch: number;
  onEpoch(epoch: number): void;
}

const axes: Readonly<Record<Axis, string>> = { epoch: "Epochs", step: "Steps", minutes: "Minutes" };

/** The notebook's plot, and under it how fast the run learnt and read. */
export function LossSection({ runs, theme, epoch, onEpoch }: LossSectionProps) {
  const isHeldOut = runs.some(hasHeldOut);
  const hasBaselines = runs.some(({ baselines }) => (baselines?.baselines.length ?? 0) > 0);
  const [axis, setAxis] = useState<Axis>("epoch");
  const [unit, setUnit] = useState<LossUnit>("nats");
  const [isLog, setLog] = useState(false);
  const [training, setTraining] = useState(runs.length === 1 || !isHeldOut);
  const [baselines, setBaselines] = useState(runs.length === 1 && hasBaselines);
  const [range, setRange] = useState<Range>();
  const [pointed, setPointed] = useState<number>();
  const loss = useMemo(
    () => lossPlot(runs, { axis, unit, training, baselines }),
    [runs, axis, unit, training, baselines],
  );
  const rate = useMemo(() => ratePlot(runs, axis), [runs, axis]);
  const speed = useMemo(() => speedPlot(runs, axis), [runs, axis]);
  const chosen = axis === "epoch" ? loss.xs.indexOf(epoch) : -1;
  const read = pointed ?? (chosen >= 0 ? chosen : loss.xs.length - 1);
  const shared = { theme, range, onRange: setRange, mark: axis === "epoch" ? epoch : undefined };
  const choose = (index: number) => axis === "epoch" && onEpoch(loss.xs[index]!);

  return (
    <section class="card">
      <h2>Loss</h2>
      <div class="controls">
        <label>
          Over{" "}
          <select
            value={axis}
            onChange={(event) => {
              setAxis(event.currentTarget.value as Axis);
              setRange(undefined);
            }}
          >
            {Object.entries(axes).map(([value, name]) => (
              <option key={value} value={value}>
                {name.toLowerCase()}
              </option>
            ))}
          </select>
        </label>
        <label>
          In{" "}
          <select value={unit} onChange={(event) => setUnit(event.currentTarget.value as LossUnit)}>
            <option value="nats">nats</option>
            <option value="bits">bits</option>
          </select>
        </label>
        <Check name="Log scale" value={isLog} onChange={setLog} />
        {isHeldOut && <Check name="Training loss" value={training} onChange={setTraining} />}
        {hasBaselines && <Check name="Baselines" value={baselines} onChange={setBaselines} />}
        <Zoom name={axes[axis]} xs={loss.xs} range={range} onRange={setRange} />
      </div>
      <Legend curves={loss.curves} at={read} place={`${axes[axis].replace(/s$/, "")} ${tick(loss.xs[read] ?? 0)}`} />
      <Chart
        {...shared}
        plot={loss}
        height={320}
        isLog={isLog}
        onPoint={setPointed}
        onChoose={choose}
        label={summaryOf(runs)}
      />
      <p class="muted hint">
        Drag over the plot to zoom in, double-click to see all of it
        {axis === "epoch" ? ", click to read an epoch’s samples" : ""}.
      </p>
      <div class="pair">
        <figure>
          <figcaption>Learning rate</figcaption>
          <Chart {...shared} plot={rate} height={150} isLog={false} onChoose={choose} label="Learning rate by epoch" />
        </figure>
        <figure>
          <figcaption>Characters a second</figcaption>
          <Chart
            {...shared}
            plot={speed}
            height={150}
            isLog={false}
            onChoose={choose}
            label="Characters a second by epoch"
          />
        </figure>
      </div>
    </section>
  );
}

function Check({ name, value, onChange }: { name: string; value: boolean; onChange(value: boolean): void }) {
  return (
    <label>
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} /> {name}
    </label>
  );
}

interface ZoomProps {
  name: string;
  xs: readonly number[];
  range: Range | undefined;
  onRange(range: Range | undefined): void;
}

/** Zooming for fingers and keyboards. */
function Zoom({ name, xs, range, onRange }: ZoomProps) {
  const [first, last] = [xs[0] ?? 0, xs.at(-1) ?? 0];
  const [from, to] = range ?? [first, last];
  const set = (start: number, end: number) => {
    if (end > start) onRange([Math.max(first, start), Math.min(last, end)]);
  };
  const field = (label: string, value: number, change: (value: number) => void) => (
    <input
      type="number"
      aria-label={`${name}: ${label}`}
      step="any"
      value={+value.toFixed(2)}
      onChange={(event) => change(event.currentTarget.valueAsNumber)}
    />
  );
  return (
    <span class="zoom">
      {name} {field("from", from, (value) => set(value, to))} to {field("to", to, (value) => set(from, value))}
      <button type="button" disabled={!range} onClick={() => onRange(undefined)}>
        Show all
      </button>
    </span>
  );
}

function Legend({ curves, at, place }: { curves: readonly Curve[]; at: number; place: string }) {
  return (
    <ul class="legend">
      <li class="muted">{place}</li>
      {curves.map(({ name, colour, kind, values }) => (
        <li key={name}>
          <span class={`swatch run-${colour % 8} ${kind.replace(" ", "-")}`} /> {name}{" "}
          <b>{values[at] == null ? "–" : values[at]!.toFixed(4)}</b>
        </li>
      ))}
    </ul>
  );
}

function summaryOf(runs: readonly RunReport[]): string {
  const each = runs.map((run) => {
    const best = bestEpoch(run);
    const last = run.epochs.at(-1)?.epoch ?? 0;
    return `${run.name}: ${count(last)} epochs, lowest ${lossText(best && judged(best))} nats at epoch ${count(best?.epoch ?? 0)}`;
  });
  return `Loss by epoch. ${each.join("; ")}`;
}
