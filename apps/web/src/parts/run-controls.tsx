import { Fragment } from "preact";
import { chooseModel } from "../state/models.js";
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
import { type TabName, tab } from "../state/tab.js";
import { isReading, text } from "../state/text.js";

export function RunControls() {
  const saved = resumable.value;
  const isRunning = status.value === "running";
  const cannotStart = !text.value || isReading.value;
  const done = justTrained.value;
  const open = (name: TabName) => {
    chooseModel("current");
    tab.value = name;
  };
  return (
    <div class="controls">
      <div class="buttons">
        {/* Keys, so that no button that has the focus turns into another one. */}
        {isBusy.value ? (
          <Fragment key="busy">
            <button type="button" class="primary big" disabled={!isRunning} onClick={() => endRun("paused")}>
              Pause
            </button>
            <button type="button" class="big" disabled={!isRunning} onClick={() => endRun("stopped")}>
              Stop
            </button>
          </Fragment>
        ) : (
          <Fragment key="idle">
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
          </Fragment>
        )}
      </div>
      {(done || status.value === "paused") && (
        <div class="buttons">
          <button type="button" onClick={() => open("play")}>
            Play with it
          </button>
          <button type="button" onClick={() => open("inside")}>
            Look inside it
          </button>
        </div>
      )}
      <p class="status" role="status">
        {isRunning && <span class="pulse" aria-hidden="true" />}
        {statusLine.value}
      </p>
    </div>
  );
}
