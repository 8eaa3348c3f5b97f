import { changeDrawing, type Drawing, type DrawingStyle, drawings, styleOf } from "../logic/drawing.js";
import { Alternatives } from "../parts/alternatives.js";
import { ChoiceField, NumberField, RangeField } from "../parts/fields.js";
import { ModelPicker } from "../parts/model-picker.js";
import { ShadedText } from "../parts/shaded-text.js";
import { TakeAway } from "../parts/take-away.js";
import {
  drawing,
  fourTemperatures,
  isOfItems,
  type PlaySettings,
  play,
  stopWriting,
  writeFour,
  writeOne,
  writing,
  written,
  writtenBeginning,
  writtenFour,
} from "../state/play.js";
import { canTrain } from "../state/workers.js";

export default function PlayView() {
  return (
    <div class="columns play">
      <div class="stack">
        <section class="card" aria-labelledby="written-title">
          <div class="card-head">
            <h2 id="written-title">It writes on</h2>
            <p class="legend">
              <span class="key prompt">prompt</span>
              <span class="key sure">sure</span>
              <span class="key unsure">surprised itself</span>
            </p>
          </div>
          {written.value.length > 0 || writing.value === "one" ? (
            <>
              <ShadedText beginning={writtenBeginning.value} characters={written.value} />
              <Alternatives />
              <TakeAway />
            </>
          ) : (
            <p class="empty">Give it a beginning and let it write. Each character is shaded by how likely it was.</p>
          )}
          <p class="unseen" role="status">
            {writing.value === undefined && written.value.length > 0 ? whatIsWritten() : ""}
          </p>
        </section>
        <section class="card" aria-labelledby="four-title">
          <div class="card-head">
            <h2 id="four-title">Four temperatures</h2>
            <button type="button" disabled={!canTrain || writing.value !== undefined} onClick={() => void writeFour()}>
              Write four
            </button>
          </div>
          <div class="four">
            {fourTemperatures.map((temperature, index) => (
              <div key={temperature}>
                <h3>Temperature {temperature.toFixed(1)}</h3>
                <p class="sample small" dir="auto" data-testid={`four-${index}`}>
                  {writtenFour.value[index] || <span class="empty">…</span>}
                </p>
              </div>
            ))}
          </div>
        </section>
      </div>
      <div class="stack side">
        <PromptCard />
        <DrawingCard />
      </div>
    </div>
  );
}

/** What there is now, for those who do not see it. */
function whatIsWritten(): string {
  const { length } = written.value;
  if (writtenBeginning.value.between === undefined) return `${length} characters written.`;
  const items = 1 + written.value.at(-1)!.text;
  return `${items} ${items === 1 ? "item" : "items"} written.`;
}

const change = (part: Partial<PlaySettings>) => {
  play.value = { ...play.value, ...part };
};

function PromptCard() {
  const { prompt } = play.value;
  return (
    <section class="card settings prompt-card" aria-labelledby="prompt-title">
      <h2 id="prompt-title">Prompt</h2>
      <ModelPicker />
      <div class="field">
        <label for="prompt">How it begins</label>
        <textarea
          dir="auto"
          id="prompt"
          rows={3}
          value={prompt}
          placeholder={isOfItems.value ? "Nothing: items of its own" : "The beginning of its text"}
          onInput={({ currentTarget }) => change({ prompt: currentTarget.value })}
        />
      </div>
      <div class="buttons">
        {writing.value === undefined ? (
          <button type="button" class="primary big" disabled={!canTrain} onClick={() => void writeOne()}>
            Write
          </button>
        ) : (
          <button type="button" class="primary big" onClick={stopWriting}>
            Stop
          </button>
        )}
      </div>
    </section>
  );
}

/** How characters are drawn: for reading, by the temperature alone, or by what is set here. */
function DrawingCard() {
  const { length, items, longest, seed } = play.value;
  const chosen = drawing.value;
  const { temperature, frequencyPenalty, minP, topK, topP } = chosen;
  const style = styleOf(chosen);
  const draw = (part: Partial<Drawing>) => change({ drawing: changeDrawing(chosen, part) });
  return (
    <section class="card settings" aria-labelledby="drawing-title">
      <h2 id="drawing-title">Settings</h2>
      <ChoiceField
        label="How it draws"
        hint={styleHints[style]}
        value={style}
        options={[
          { value: "reading", title: "For reading" },
          { value: "plain", title: "Plain" },
          ...(style === "own" ? [{ value: style, title: "As set here" }] : []),
        ]}
        onChange={(name) => name !== "own" && draw(drawings[name])}
      />
      <RangeField
        label="Temperature"
        hint="0 always takes the likeliest character."
        {...{ min: 0, max: 2, step: 0.05, value: temperature, shown: temperature.toFixed(2) }}
        onChange={(value) => draw({ temperature: value })}
      />
      <RangeField
        label="Frequency penalty"
        hint="Taken off for each time that a character is among the last 64."
        {...{ min: 0, max: 1, step: 0.05, value: frequencyPenalty }}
        shown={frequencyPenalty === 0 ? "none" : frequencyPenalty.toFixed(2)}
        onChange={(value) => draw({ frequencyPenalty: value })}
      />
      <RangeField
        label="Min-p"
        hint="Leaves out characters below this share of the likeliest one’s probability."
        {...{ min: 0, max: 0.5, step: 0.01, value: minP, shown: minP === 0 ? "none" : minP.toFixed(2) }}
        onChange={(value) => draw({ minP: value })}
      />
      <NumberField
        label="Top-k"
        hint="Only the k likeliest characters; 0 allows all."
        {...{ min: 0, max: 1000, step: 1, value: topK }}
        onChange={(value) => draw({ topK: value })}
      />
      <RangeField
        label="Top-p"
        hint="Only the likeliest characters that together have this probability."
        {...{ min: 0.05, max: 1, step: 0.05, value: topP, shown: topP === 1 ? "all" : topP.toFixed(2) }}
        onChange={(value) => draw({ topP: value })}
      />
      {isOfItems.value ? (
        <>
          <NumberField
            label="How many items"
            {...{ min: 1, max: 1000, step: 1, value: items }}
            onChange={(value) => change({ items: value })}
          />
          <NumberField
            label="Longest item"
            hint="Characters after which one that finds no end is cut off."
            {...{ min: 1, max: 10_000, step: 1, value: longest }}
            onChange={(value) => change({ longest: value })}
          />
        </>
      ) : (
        <NumberField
          label="Length"
          {...{ min: 1, max: 5000, step: 1, value: length }}
          onChange={(value) => change({ length: value })}
        />
      )}
      <NumberField
        label="Seed"
        hint="The same seed gives the same text; empty, another each time."
        {...{ min: 0, max: 1_000_000_000, step: 1, value: seed }}
        onChange={(value) => change({ seed: value })}
        onClear={() => change({ seed: undefined })}
      />
    </section>
  );
}

const styleHints: Readonly<Record<DrawingStyle, string>> = {
  reading: "A light penalty brings full stops and dialogue back; another temperature is taken alone.",
  plain: "By the temperature alone, as the notebook draws.",
  own: "By all that is set here.",
};
