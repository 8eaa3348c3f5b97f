import { useState } from "preact/hooks";
import type { ModelRecord, Use } from "../files/records.js";
import { formatBytes, formatCount } from "../logic/format.js";
import { inUnit } from "../logic/loss-series.js";
import { DeleteButton } from "../parts/delete-button.js";
import { Exports } from "../parts/exports.js";
import { FileDrop } from "../parts/file-drop.js";
import { lazy } from "../parts/lazy.js";
import { ReadyModel } from "../parts/ready-model.js";
import { TitleField } from "../parts/title-field.js";
import { UseField } from "../parts/use-field.js";
import { chooseModel, importFiles, models, runId, storage } from "../state/models.js";
import { isBusy, isUnsaved, lossUnit, resumeRun, runTitle, trainFurther } from "../state/run.js";
import { tab } from "../state/tab.js";
import { elsewhere } from "../state/tabs.js";
import { isReading, text } from "../state/text.js";

const CompareRuns = lazy(() => import("./compare-runs.js"));

export default function KeepView() {
  return (
    <div class="columns">
      <section class="card stack" aria-labelledby="kept-title">
        <h2 id="kept-title">Models in this browser</h2>
        {models.value.length === 0 && !isUnsaved.value ? (
          <p class="empty">None yet. A run saves its model every quarter of a minute, and when it ends.</p>
        ) : (
          <ul class="models">
            {isUnsaved.value && <UnsavedRow />}
            {models.value.map((record) => (
              <ModelRow key={record.id} record={record} />
            ))}
          </ul>
        )}
        {text.value && (
          <p class="fine">
            Train further starts a new run from a model on the text that is open under Text: {text.value.title}. The
            model stays as it is.
          </p>
        )}
        <ReadyModel />
        <StorageUse />
      </section>
      <section class="card settings" aria-labelledby="import-title">
        <h2 id="import-title">Bring a model</h2>
        <FileDrop label="Choose files" multiple onFiles={(files) => void importFiles(files)}>
          <p>
            or drop them here, folders too: <code>.charlstm</code>, Keras <code>.h5</code> and <code>.keras</code>,
            PyTorch <code>.safetensors</code>, TensorFlow.js and ml5.js charRNN (the files together, or a zip), or what
            the command line saved: a run or a checkpoint.
          </p>
        </FileDrop>
        <p class="fine">
          Weights alone (<code>.weights.h5</code>) may need the model’s <code>.json</code> beside them. A file that does
          not name its characters needs its <code>.vocabulary.json</code> beside it, or the text that it was trained on
          open under Text.
        </p>
      </section>
      {models.value.some(({ losses }) => losses.train.length > 0) && <CompareRuns />}
    </div>
  );
}

function ModelRow({ record }: { record: ModelRecord }) {
  const [use, setUse] = useState<Use>("best");
  const { id, title, status, run, places } = record;
  const isElsewhere = elsewhere.value.has(id);
  const isTraining = (isBusy.value && id === runId.value) || isElsewhere;
  const canResume = run && (status === "paused" || status === "training") && !isBusy.value && !isElsewhere;
  return (
    <li class="model">
      <TitleField id={id} title={title} label="Name of the model" />
      <p class="fine">
        {describe(record, isElsewhere ? "in training in another tab" : isTraining ? "in training" : undefined)}
      </p>
      <div class="buttons">
        <button
          type="button"
          onClick={() => {
            chooseModel(id === runId.value ? "current" : id, use);
            tab.value = "play";
          }}
        >
          Play
        </button>
        {canResume && (
          <button
            type="button"
            onClick={() => {
              tab.value = "train";
              void resumeRun(record);
            }}
          >
            Resume
          </button>
        )}
        {!isBusy.value && (
          <button
            type="button"
            aria-label={`Train further: ${title}`}
            disabled={!text.value || isReading.value}
            onClick={() => {
              tab.value = "train";
              void trainFurther({ id, title, use });
            }}
          >
            Train further
          </button>
        )}
        {!isTraining && <DeleteButton record={record} label={`Delete ${title}`} />}
      </div>
      {places && <UseField places={places} value={use} onChange={setUse} />}
      <Exports id={id} title={title} use={use} />
    </li>
  );
}

/** The model of a run that the browser had no room for: as long as the page is open it can be taken away. */
function UnsavedRow() {
  const title = runTitle.value;
  return (
    <li class="model">
      <p>
        <strong>{title}</strong>
      </p>
      <p class="problem">Not saved in this browser: it is lost with this page.</p>
      <Exports id="current" title={title} use="best" />
    </li>
  );
}

const statusWords: Record<ModelRecord["status"], string> = {
  training: "interrupted",
  paused: "paused",
  stopped: "stopped",
  finished: "finished",
  imported: "imported",
};

function describe(record: ModelRecord, now: string | undefined): string {
  const { units, vocabularySize, step, totalSteps, losses, savedAt, bytes, status } = record;
  const unit = lossUnit.value;
  const [loss, heldOut] = [losses.train.at(-1)?.loss, losses.heldOut.at(-1)?.loss];
  return [
    now ?? statusWords[status],
    `${units.join(" + ")} units, ${vocabularySize} characters`,
    ...(totalSteps > 0 ? [`step ${formatCount(step)} of ${formatCount(totalSteps)}`] : []),
    ...(loss === undefined ? [] : [`loss ${inUnit(loss, unit).toFixed(2)} ${unit}`]),
    ...(heldOut === undefined ? [] : [`held-out ${inUnit(heldOut, unit).toFixed(2)}`]),
    formatBytes(bytes),
    new Date(savedAt).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }),
  ].join(" · ");
}

function StorageUse() {
  const { value } = storage;
  if (!value || value.quota === 0) return null;
  const { usage, quota } = value;
  return (
    <div class="storage" data-testid="storage">
      <meter min={0} max={quota} value={usage} aria-label="Storage in use" />
      <p class="fine">
        {formatBytes(usage)} of the {formatBytes(quota)} that the browser allows
      </p>
    </div>
  );
}
