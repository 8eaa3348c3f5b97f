import { readyId, readyModel } from "../files/ready.js";
import { inUnit } from "../logic/loss-series.js";
import { chooseModel } from "../state/models.js";
import { isBusy, lossUnit, trainFurther } from "../state/run.js";
import { tab } from "../state/tab.js";
import { isReading, text } from "../state/text.js";
import { Exports } from "./exports.js";

/** The model that comes with the page: it can be taken away and learns further as any other, but not be renamed or deleted. */
export function ReadyModel() {
  const { title, units, heldOutLoss } = readyModel;
  const unit = lossUnit.value;
  return (
    <section class="ready" aria-label={title}>
      <h3>{title}</h3>
      <p class="fine">
        comes with the page · {units.join(" + ")} units · held-out {inUnit(heldOutLoss, unit).toFixed(2)} {unit}
      </p>
      <div class="buttons">
        <button
          type="button"
          onClick={() => {
            chooseModel(readyId);
            tab.value = "play";
          }}
        >
          Play
        </button>
        {!isBusy.value && (
          <button
            type="button"
            disabled={!text.value || isReading.value}
            onClick={() => {
              tab.value = "train";
              void trainFurther({ id: readyId, title, use: "best" });
            }}
          >
            Train it further
          </button>
        )}
      </div>
      <details>
        <summary>Export it</summary>
        <Exports id={readyId} title={title} use="best" />
      </details>
    </section>
  );
}
