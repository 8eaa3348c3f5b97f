import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { EpochSamples, RunReport } from "../report-data.js";
import { count, lossText } from "./format.js";
import { SampleGrid } from "./sample-grid.js";

interface SamplesSectionProps {
  runs: readonly RunReport[];
  epoch: number;
  onEpoch(epoch: number): void;
}

/** What the model wrote: one epoch at a time, stepped through, or all of them under each other. */
export function SamplesSection({ runs, epoch, onEpoch }: SamplesSectionProps) {
  const [view, setView] = useState<"one" | "all">("one");
  const written = useMemo(
    () => [...new Set(runs.flatMap(({ samples }) => samples.map((each) => each.epoch)))].sort((a, b) => a - b),
    [runs],
  );
  if (written.length === 0) {
    return (
      <section class="card">
        <h2>What it writes</h2>
        <p>There are no samples: none were written, or the folder generated_text is gone.</p>
      </section>
    );
  }
  const open = (chosen: number) => {
    onEpoch(chosen);
    setView("one");
  };
  return (
    <section class="card" id="samples">
      <div class="row">
        <h2>What it writes</h2>
        <fieldset class="choice">
          <legend class="unseen">View of the samples</legend>
          {(["one", "all"] as const).map((value) => (
            <label key={value}>
              <input type="radio" name="view" checked={view === value} onChange={() => setView(value)} />{" "}
              {value === "one" ? "One epoch" : "Every epoch"}
            </label>
          ))}
        </fieldset>
      </div>
      {view === "one" ? (
        <Stepper runs={runs} written={written} epoch={epoch} onEpoch={onEpoch} />
      ) : (
        <SampleGrid runs={runs} onOpen={open} />
      )}
    </section>
  );
}

/** Milliseconds that an epoch is shown when they play one after the other. */
const playEvery = 900;

function Stepper({ runs, written, epoch, onEpoch }: SamplesSectionProps & { written: readonly number[] }) {
  // The newest epoch with samples that is not after the chosen one.
  const place = Math.max(
    0,
    written.findLastIndex((each) => each <= epoch),
  );
  const shown = written[place]!;
  const [isPlaying, setPlaying] = useState(false);
  const go = (to: number) => onEpoch(written[Math.min(written.length - 1, Math.max(0, to))]!);

  // Before the next key can come: a listener of an earlier place would step from there.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: written.length - 1 }[event.key];
      if (
        to === undefined ||
        event.altKey ||
        event.ctrlKey ||
        event.metaKey ||
        event.shiftKey ||
        usesKeys(event.target)
      )
        return;
      event.preventDefault();
      go(to);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });

  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => (place < written.length - 1 ? go(place + 1) : setPlaying(false)), playEvery);
    return () => clearTimeout(timer);
  }, [isPlaying, place]);

  const play = () => {
    if (!isPlaying && place === written.length - 1) go(0);
    setPlaying(!isPlaying);
  };
  return (
    <>
      <div class="controls stepper">
        <button type="button" disabled={place === 0} onClick={() => go(place - 1)} aria-label="Epoch before">
          ←
        </button>
        <input
          type="range"
          min={0}
          max={written.length - 1}
          value={place}
          aria-label="Epoch"
          aria-valuetext={`Epoch ${shown}`}
          onInput={(event) => go(event.currentTarget.valueAsNumber)}
        />
        <button
          type="button"
          disabled={place === written.length - 1}
          onClick={() => go(place + 1)}
          aria-label="Epoch after"
        >
          →
        </button>
        <button type="button" onClick={play} disabled={written.length === 1}>
          {isPlaying ? "Pause" : "Play"}
        </button>
        <output>
          Epoch <b>{count(shown)}</b> of {count(written.at(-1)!)}
        </output>
        <span class="muted hint">The keys ← → Home End step, too.</span>
      </div>
      {runs.map((run, index) => (
        <RunSamples key={run.name} run={run} index={index} isAlone={runs.length === 1} epoch={shown} />
      ))}
    </>
  );
}

/** Whether what has the focus does something of its own with arrow keys. */
function usesKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, select, textarea, .scroll");
}

interface RunSamplesProps {
  run: RunReport;
  index: number;
  isAlone: boolean;
  epoch: number;
}

function RunSamples({ run, index, isAlone, epoch }: RunSamplesProps) {
  // A shorter run goes on showing its last.
  const samples = run.samples.findLast((each) => each.epoch <= epoch);
  const shown = samples?.epoch ?? epoch;
  const figures = run.epochs.find((each) => each.epoch === shown);
  const heldOut = figures?.heldOutLoss == null ? "" : `, held out ${lossText(figures.heldOutLoss)}`;
  return (
    <div class="run-samples">
      <p>
        {!isAlone && (
          <b>
            <span class={`swatch run-${index % 8}`} /> {run.name}{" "}
          </b>
        )}
        <span class="muted">
          {shown === epoch ? "" : `epoch ${count(shown)}: `}
          {figures ? `loss ${lossText(figures.loss)}${heldOut}` : "no figures for this epoch"}
        </span>
      </p>
      {samples ? <Texts samples={samples} /> : <p class="muted">No samples yet.</p>}
    </div>
  );
}

function Texts({ samples: { prompt, texts } }: { samples: EpochSamples }) {
  return (
    <div class="texts">
      {texts.map(({ temperature, text }, index) => (
        <article key={index}>
          <h3>Temperature {temperature}</h3>
          <p class="text">
            <span class="prompt">{prompt}</span>
            {text}
          </p>
        </article>
      ))}
    </div>
  );
}
