import { canShareMemory } from "@charlstm/engine";
import { type SettingForm, settingsTable, type TrainingSettings } from "@charlstm/training";
import { problemOf, type WebPreset, webPresets } from "../logic/settings.js";
import { changeChoices, choices, choosePreset, linkOf } from "../state/choices.js";
import { say, telling } from "../state/notices.js";
import { isBusy } from "../state/run.js";
import { text } from "../state/text.js";
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

/** Whether more than one thread can train here. */
const hasThreads = canShareMemory();

function SettingFields() {
  const { settings, threads } = choices.value;
  const shown = Object.entries(settingsTable).filter(([name]) => name !== "stride" || settings.objective === "window");
  return (
    <div class="fields">
      {shown.map(([name, { form }]) =>
        name === "units" ? (
          <LayerFields key={name} form={form!} />
        ) : (
          form && <SettingField key={name} name={name as keyof TrainingSettings} form={form} />
        ),
      )}
      <NumberField
        label="Threads"
        hint={
          hasThreads
            ? "0 takes what the machine has."
            : crossOriginIsolated
              ? "This browser gives a page only one: it shares no memory between threads."
              : "This page may use only one: its host sends no isolation headers."
        }
        {...{ min: 0, max: 8, step: 1 }}
        value={threads}
        disabled={!hasThreads}
        onChange={(count) => (choices.value = { ...choices.value, threads: count })}
      />
    </div>
  );
}

function SettingField({ name, form }: { name: keyof TrainingSettings; form: SettingForm }) {
  const { label, hint, min = 0, max = 0, step = 1, slider, titles, none } = form;
  const value = choices.value.settings[name] ?? (titles ? "" : 0);
  const change = (changed: unknown) => changeChoices({ [name]: changed });
  if (titles) {
    const isOptimizer = name === "optimizer";
    const chosen = isOptimizer ? (value as { name: string }).name : String(value);
    const options = Object.entries({ ...(none && { "": none }), ...titles }).filter(
      // A single file is one item: nothing to learn an end from.
      ([value]) => value !== "file" || chosen === "file" || (text.value?.texts.length ?? 0) > 1,
    );
    return (
      <ChoiceField
        {...{ label, hint }}
        value={chosen}
        options={options.map(([value, title]) => ({ value, title }))}
        onChange={(taken) => change(isOptimizer ? { name: taken } : taken || undefined)}
      />
    );
  }
  const number = value as number;
  if (slider === undefined)
    return <NumberField {...{ label, hint, min, max, step, value: number }} onChange={change} />;
  const shown = slider === "percent" ? `${Math.round(100 * number)} %` : number.toFixed(2);
  return <RangeField {...{ label, hint, min, max, shown, value: number }} step={Number(step)} onChange={change} />;
}

/** The width of all layers, and how many there are. */
function LayerFields({ form: { label, hint, min = 0, max = 0 } }: { form: SettingForm }) {
  const { units } = choices.value.settings;
  return (
    <>
      <NumberField
        {...{ label, hint, min, max, step: 1 }}
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
    </>
  );
}
