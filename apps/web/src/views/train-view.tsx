import { type BundledText, bundledTexts } from "../logic/bundled-texts.js";
import { formatCount } from "../logic/format.js";
import { inUnit } from "../logic/loss-series.js";
import { webPresets } from "../logic/settings.js";
import { FirstWordsCard } from "../parts/first-words.js";
import { lazy } from "../parts/lazy.js";
import { LossLegend } from "../parts/loss-legend.js";
import { RunControls } from "../parts/run-controls.js";
import { RunFigures } from "../parts/run-figures.js";
import { RunPlayer } from "../parts/run-player.js";
import { SamplePanel } from "../parts/sample-panel.js";
import { SettingsPanel } from "../parts/settings-panel.js";
import { UnitSwitch } from "../parts/unit-switch.js";
import { figures, lossUnit, type Rising, sample, status } from "../state/run.js";
import { tab } from "../state/tab.js";
import { isReading, text } from "../state/text.js";
import { isTouring } from "../state/tour.js";

/** A third of the page's own code: fetched once there is something to draw. */
const LossChart = lazy(() => import("../parts/loss-chart.js"));

export function TrainView() {
  const isFresh = status.value === "idle" && !figures.value;
  return (
    <div class="columns">
      <div class="stack">
        {isFresh ? <Welcome /> : <SamplePanel />}
        <section class="card controls-card" aria-label="Run">
          <RunControls />
          {figures.value && <RunFigures />}
        </section>
        {isFresh && <FirstWordsCard />}
        {isFresh && <RunPlayer />}
        {isFresh && text.value && (
          <section class="card excerpt" aria-labelledby="excerpt-title">
            <h2 id="excerpt-title">From its pages</h2>
            <p class="sample small" dir="auto">
              {text.value.excerpt.slice(0, 900)}
            </p>
          </section>
        )}
        {(figures.value || sample.value) && (
          <section class="card" aria-labelledby="loss-title">
            <div class="card-head">
              <h2 id="loss-title">Loss</h2>
              <UnitSwitch />
            </div>
            <p class="legend">
              <span class="key train">training text</span>
              <span class="key held-out">held-out text</span>
            </p>
            <div class="chart-room">
              <LossChart />
            </div>
            <LossLegend />
            <div role="status">{figures.value?.rising && <RisingNote lowest={figures.value.rising.lowest} />}</div>
          </section>
        )}
      </div>
      <SettingsPanel />
    </div>
  );
}

function Welcome() {
  const open = text.value;
  return (
    <section class="welcome" aria-labelledby="welcome-title">
      <h2 id="welcome-title">Watch a small network learn to write</h2>
      <p>
        It reads a book one character at a time and learns to guess the next one. At first it writes noise; within
        seconds there are words; after some minutes, something like sentences. It runs in this page, on your machine.{" "}
        <button type="button" class="link" onClick={() => (isTouring.value = true)}>
          How it works, in six steps
        </button>
      </p>
      <p class="text-line">
        {open && !isReading.value ? (
          <>
            It will read <strong>{open.title}</strong>: {formatCount(open.characters)} characters,{" "}
            {open.vocabulary.length} of them different.{" "}
            <button type="button" class="link" onClick={() => (tab.value = "text")}>
              Choose another text
            </button>
            {open.bundled && <Expectation text={open.bundled} />}
          </>
        ) : (
          "Opening the text …"
        )}
      </p>
    </section>
  );
}

/** What the preset that suits a text of the page's own brings. */
function Expectation({ text }: { text: BundledText }) {
  const { preset, heldOutLoss } = bundledTexts[text];
  const unit = lossUnit.value;
  return (
    <span class="fine">
      {" "}
      With the preset “{webPresets[preset].title}” its held-out loss comes down to about{" "}
      {inUnit(heldOutLoss, unit).toFixed(2)} {unit}.
    </span>
  );
}

/** That the held-out loss has risen for several epochs, and what helps. */
function RisingNote({ lowest: { epoch, loss } }: { lowest: Rising["lowest"] }) {
  const unit = lossUnit.value;
  return (
    <p class="problem">
      The held-out loss was lowest at epoch {epoch} ({inUnit(loss, unit).toFixed(3)} {unit}) and lies above that since:
      the text is being learnt by heart. The best epoch is kept and used; more dropout, fewer units or fewer epochs
      help.
    </p>
  );
}
