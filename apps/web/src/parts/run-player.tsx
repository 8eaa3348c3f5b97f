import { readyModel } from "../files/ready.js";
import { formatCount } from "../logic/format.js";
import { inUnit, type LossUnit } from "../logic/loss-series.js";
import type { RecordedSample } from "../logic/recording.js";
import { isPlaying, playRecording, recordedPlace, recording, showRecorded } from "../state/recording.js";
import { lossUnit } from "../state/run.js";
import { RangeField } from "./fields.js";

/** A run that was recorded: what an hour's reading brings, in ten seconds. */
export function RunPlayer() {
  const run = recording.value;
  const place = recordedPlace.value;
  const sample = run?.samples[place];
  return (
    <section class="card player" aria-labelledby="player-title">
      <div class="card-head">
        <h2 id="player-title">A run in ten seconds</h2>
        <button
          type="button"
          class="small"
          onClick={() => (isPlaying.value ? showRecorded(place) : void playRecording())}
        >
          {isPlaying.value ? "Halt" : run ? "Play it again" : "Play it"}
        </button>
      </div>
      {run && sample ? (
        <>
          <div class="sample" data-testid="recorded">
            <p dir="auto">
              <span class="prompt">{run.prompt}</span>
              {sample.text}
            </p>
          </div>
          <RangeField
            label="Moment of the run"
            {...{ min: 0, max: run.samples.length - 1, step: 1, value: place }}
            shown={describe(sample, lossUnit.value)}
            onChange={showRecorded}
          />
        </>
      ) : (
        <p class="fine">
          How the network above came to write: from noise to sentences, as it was recorded while it read its text{" "}
          {readyModel.epochs} times.
        </p>
      )}
    </section>
  );
}

function describe({ step, epoch, loss, heldOutLoss }: RecordedSample, unit: LossUnit): string {
  const shown = heldOutLoss ?? loss;
  const when =
    step === 0
      ? "before training"
      : epoch > 0
        ? `read ${epoch} ${epoch === 1 ? "time" : "times"}`
        : `${formatCount(step)} steps`;
  if (shown === undefined) return when;
  return `${when}, ${heldOutLoss === undefined ? "loss" : "held-out loss"} ${inUnit(shown, unit).toFixed(2)} ${unit}`;
}
