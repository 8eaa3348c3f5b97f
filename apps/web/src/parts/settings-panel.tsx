import { problemOf, type WebPreset, webPresets } from "../logic/settings.js";
import { changeChoices, choices, choosePreset, linkOf } from "../state/choices.js";
import { say, telling } from "../state/notices.js";
import { isBusy } from "../state/run.js";
import { ChoiceField, NumberField, RangeField } from "./fields.js";

/** Presets, and every setting behind them. */
export function SettingsPanel() {
  const { preset, settings } = choices.value;
  const problem = problemOf(settings);
  return (
    <section class="card settings" aria-labelledby="settings-title">
      <h2 id="settings-title">Settings</h2>
      {isBusy.value && <p class="fine">They hold for the next run; this one keeps its own.</p>}
      <fieldset class="presets">
        <legend class="unseen">Preset</legend>
        {(Object.keys(webPresets) as WebPreset[]).map((name) => (
          <label key={name} class="preset">
            <input
              type="radio"
              name="preset"
              aria-labelledby={`preset-${name}`}
              aria-describedby={`preset-${name}-hint`}
              checked={preset === name}
              onChange={() => choosePreset(name)}
            />
            <span>
              <strong id={`preset-${name}`}>{webPresets[name].title}</strong>
              <span class="hint" id={`preset-${name}-hint`}>
                {webPresets[name].about}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <details>
        <summary>All settings{preset === "custom" ? " (changed)" : ""}</summary>
        <SettingFields />
      </details>
      {problem && <p class="problem">{problem}</p>}
      <button type="button" class="quiet" onClick={() => void telling(copyLink)}>
        Copy link to settings
      </button>
    </section>
  );
}

async function copyLink(): Promise<void> {
  const link = linkOf(choices.value);
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link);
    say("The link is copied. It carries the settings, no text and no model.");
  } catch {
    say("The page’s address now carries the settings: copy it from the address bar.");
  }
}

function SettingFields() {
  const { settings, threads } = choices.value;
  const { objective, units, optimizer } = settings;
  return (
    <div class="fields">
      <ChoiceField
        label="Objective"
        hint="Sequence learns from every character it reads; window only from the one after each window, as the notebook does."
        value={objective}
        options={[
          { value: "sequence", title: "Sequence" },
          { value: "window", title: "Window" },
        ]}
        onChange={(value) => changeChoices({ objective: value })}
      />
      <NumberField
        label="Units"
        hint="Memory cells in each layer: more remember more, and take longer."
        {...{ min: 4, max: 1024, step: 1 }}
        value={units[0]!}
        onChange={(width) => changeChoices({ units: units.map(() => width) })}
      />
      <NumberField
        label="Layers"
        hint="LSTM layers on top of each other."
        {...{ min: 1, max: 4, step: 1 }}
        value={units.length}
        onChange={(count) => changeChoices({ units: new Array<number>(Math.round(count)).fill(units[0]!) })}
      />
      <RangeField
        label="Dropout"
        hint="Share of outputs left out in training, so that it learns rather than memorizes."
        {...{ min: 0, max: 0.8, step: 0.05 }}
        value={settings.dropout}
        shown={settings.dropout.toFixed(2)}
        onChange={(dropout) => changeChoices({ dropout })}
      />
      <NumberField
        label="Window"
        hint="Characters it looks back over when it learns."
        {...{ min: 4, max: 512, step: 1 }}
        value={settings.window}
        onChange={(window) => changeChoices({ window })}
      />
      {objective === "window" && (
        <NumberField
          label="Stride"
          hint="Characters between the starts of two windows."
          {...{ min: 1, max: 512, step: 1 }}
          value={settings.stride}
          onChange={(stride) => changeChoices({ stride })}
        />
      )}
      <NumberField
        label="Batch"
        hint="Stretches of text read side by side for one update."
        {...{ min: 1, max: 1024, step: 1 }}
        value={settings.batch}
        onChange={(batch) => changeChoices({ batch })}
      />
      <NumberField
        label="Epochs"
        hint="Times it reads the whole text."
        {...{ min: 1, max: 1000, step: 1 }}
        value={settings.epochs}
        onChange={(epochs) => changeChoices({ epochs })}
      />
      <ChoiceField
        label="Optimizer"
        hint="How it corrects itself after each batch."
        value={optimizer.name}
        options={[
          { value: "adam", title: "Adam" },
          { value: "adamw", title: "AdamW" },
          { value: "rmsprop", title: "RMSprop" },
          { value: "sgd", title: "SGD" },
        ]}
        onChange={(name) => changeChoices({ optimizer: { name } })}
      />
      <NumberField
        label="Learning rate"
        hint="Size of the corrections: too small is slow, too large runs away."
        {...{ min: 0.00001, max: 1, step: "any" }}
        value={settings.learningRate}
        onChange={(learningRate) => changeChoices({ learningRate })}
      />
      <ChoiceField
        label="Schedule"
        hint="Whether the learning rate sinks to the end."
        value={settings.decay}
        options={[
          { value: "cosine", title: "Sinks (cosine)" },
          { value: "constant", title: "Stays" },
        ]}
        onChange={(decay) => changeChoices({ decay })}
      />
      <NumberField
        label="Largest gradient"
        hint="Longer corrections are cut to this length; 0 cuts none."
        {...{ min: 0, max: 1000, step: "any" }}
        value={settings.clipNorm ?? 0}
        onChange={(clipNorm) => changeChoices({ clipNorm: clipNorm > 0 ? clipNorm : undefined })}
      />
      <RangeField
        label="Held out"
        hint="Share of the text, at its end, that it never trains on: the fair test."
        {...{ min: 0, max: 0.5, step: 0.01 }}
        value={settings.heldOut}
        shown={`${Math.round(100 * settings.heldOut)} %`}
        onChange={(heldOut) => changeChoices({ heldOut })}
      />
      <NumberField
        label="Seed"
        hint="The same seed gives the same run."
        {...{ min: 0, max: 1_000_000_000, step: 1 }}
        value={settings.seed}
        onChange={(seed) => changeChoices({ seed })}
      />
      <NumberField
        label="Threads"
        hint={
          crossOriginIsolated
            ? "0 takes what the machine has."
            : "This page may use only one: its host sends no isolation headers."
        }
        {...{ min: 0, max: 8, step: 1 }}
        value={threads}
        disabled={!crossOriginIsolated}
        onChange={(count) => (choices.value = { ...choices.value, threads: count })}
      />
    </div>
  );
}
