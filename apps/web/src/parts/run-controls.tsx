import {
  endRun,
  isBusy,
  justTrained,
  resumable,
  resumeRun,
  startRun,
  status,
  statusLine,
  trainFurther,
} from "../state/run.js";
import { isReading, text } from "../state/text.js";

export function RunControls() {
  const saved = resumable.value;
  const isRunning = status.value === "running";
  const cannotStart = !text.value || isReading.value;
  const done = justTrained.value;
  return (
    <div class="controls">
      <div class="buttons">
        {isBusy.value ? (
          <>
            <button type="button" class="primary big" disabled={!isRunning} onClick={() => endRun("paused")}>
              Pause
            </button>
            <button type="button" class="big" disabled={!isRunning} onClick={() => endRun("stopped")}>
              Stop
            </button>
          </>
        ) : (
          <>
            {saved && (
              <button type="button" class="primary big" onClick={() => void resumeRun(saved)}>
                Resume “{saved.title}”
              </button>
            )}
            <button
              type="button"
              class={saved ? "big" : "primary big"}
              disabled={cannotStart}
              onClick={() => void startRun()}
            >
              {status.value === "idle" && !saved ? "Start learning" : "Start a new run"}
            </button>
            {done && (
              <button type="button" class="big" disabled={cannotStart} onClick={() => void trainFurther(done)}>
                Train it further
              </button>
            )}
          </>
        )}
      </div>
      <p class="status" role="status">
        {isRunning && <span class="pulse" aria-hidden="true" />}
        {statusLine.value}
      </p>
    </div>
  );
}
