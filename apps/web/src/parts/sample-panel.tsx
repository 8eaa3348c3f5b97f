import { formatCount, formatShare } from "../logic/format.js";
import { changeSampleTemperature, sample, sampleTemperature, status } from "../state/run.js";
import { RangeField } from "./fields.js";

/** What the network writes at the moment; it rewrites itself every few seconds. */
export function SamplePanel() {
  const { value } = sample;
  return (
    <section class="card sample-card" aria-labelledby="sample-title">
      <div class="card-head">
        <h2 id="sample-title">What it writes</h2>
        {value && (
          <p class="fine" data-testid="sample-facts">
            {value.step === 0 ? "before training" : `after ${formatCount(value.step)} steps`} ·{" "}
            <strong>{formatShare(value.realWords)}</strong> real words
          </p>
        )}
      </div>
      <div class="sample" data-testid="sample">
        {value ? (
          // A new key lets the text fade in each time.
          <p key={value.step} dir="auto">
            <span class="prompt">{value.prompt}</span>
            {value.text}
          </p>
        ) : (
          <p class="empty">{status.value === "starting" ? "Reading the first pages …" : "Nothing written yet."}</p>
        )}
      </div>
      <p class="fine grey">
        {value && value.prompt === "" && value.text !== ""
          ? "Items of its own, each from its beginning."
          : "Grey is the prompt, taken from the text; the rest it wrote itself."}
      </p>
      <RangeField
        label="Temperature"
        hint="Low: it plays safe and repeats itself. High: it dares more, and errs more."
        {...{ min: 0.1, max: 1.5, step: 0.05 }}
        value={sampleTemperature.value}
        shown={sampleTemperature.value.toFixed(2)}
        onChange={changeSampleTemperature}
      />
    </section>
  );
}
