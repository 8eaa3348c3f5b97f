import { readyId, readyModel } from "../files/ready.js";
import { inUnit } from "../logic/loss-series.js";
import { firstWords, firstWordsStatus, writeFirstWords } from "../state/first-words.js";
import { chooseModel } from "../state/models.js";
import { lossUnit } from "../state/run.js";
import { tab } from "../state/tab.js";
import { canTrain } from "../state/workers.js";

/** What a trained model writes at this moment, before one has chosen or trained anything. */
export function FirstWordsCard() {
  if (!canTrain) return null;
  const { value } = firstWords;
  const unit = lossUnit.value;
  const status = firstWordsStatus.value;
  const play = () => {
    chooseModel(readyId);
    tab.value = "play";
  };
  return (
    <section class="card first-words" aria-labelledby="first-title">
      <div class="card-head">
        <h2 id="first-title">One that has learnt already writes</h2>
        <div class="buttons">
          <button type="button" class="small" disabled={status === "writing"} onClick={() => void writeFirstWords()}>
            {status === "written" ? "Write another" : "Let it write"}
          </button>
          <button type="button" class="small" onClick={play}>
            Play with it
          </button>
        </div>
      </div>
      <div class="sample" data-testid="first-words" aria-busy={status === "writing"}>
        {value ? (
          <p dir="auto">
            <span class="prompt">{value.prompt}</span>
            {value.text}
          </p>
        ) : (
          <p class="empty">{status === "failed" ? "It could not be loaded: try again." : "…"}</p>
        )}
      </div>
      <p class="fine">
        {readyModel.units.join(" + ")} cells that have read Moby-Dick {readyModel.epochs} times, in this page’s own
        engine. The grey words are its prompt. Of text that it never saw it guesses the next character with a loss of{" "}
        {inUnit(readyModel.heldOutLoss, unit).toFixed(2)} {unit}.
      </p>
    </section>
  );
}
