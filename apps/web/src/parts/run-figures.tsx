import { formatCount, formatDuration } from "../logic/format.js";
import { inUnit } from "../logic/loss-series.js";
import { figures, isBusy, lossUnit } from "../state/run.js";

/** The figures of the run, in numbers. */
export function RunFigures() {
  const {
    step,
    totalSteps,
    loss,
    heldOutLoss,
    charactersPerSecond,
    secondsLeft,
    threads,
    parameters,
    epoch,
    stepsPerEpoch,
  } = figures.value!;
  const unit = lossUnit.value;
  const shown = (value?: number) => (value === undefined ? "–" : inUnit(value, unit).toFixed(3));
  const share = totalSteps > 0 ? step / totalSteps : 0;
  return (
    <>
      <div
        class="progress"
        role="progressbar"
        aria-label="Progress of the run"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * share)}
      >
        <div style={{ transform: `scaleX(${share})` }} />
      </div>
      <dl class="figures">
        <Figure name="Loss" value={shown(loss)} unit={`${unit} a character`} testId="loss" />
        <Figure name="Held-out loss" value={shown(heldOutLoss)} unit={`${unit} a character`} testId="held-out" />
        <Figure
          name="Speed"
          value={charactersPerSecond === undefined ? "–" : formatCount(charactersPerSecond)}
          unit="characters a second"
          testId="speed"
        />
        <Figure
          name="Time left"
          value={isBusy.value && secondsLeft !== undefined ? formatDuration(secondsLeft) : "–"}
          unit={`epoch ${epoch} of ${Math.max(1, Math.ceil(totalSteps / stepsPerEpoch))}`}
          testId="left"
        />
      </dl>
      <p class="fine" data-testid="details">
        Step {formatCount(step)} of {formatCount(totalSteps)} · {formatCount(parameters)} weights ·{" "}
        {threads === 1 ? "1 thread" : `${threads} threads`}
      </p>
    </>
  );
}

function Figure({ name, value, unit, testId }: { name: string; value: string; unit: string; testId: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong data-testid={testId}>{value}</strong>
        <span>{unit}</span>
      </dd>
    </div>
  );
}
