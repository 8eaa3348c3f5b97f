import { inUnit } from "../logic/loss-series.js";
import { figures, lossUnit } from "../state/run.js";

/** What the chart's words mean, with the run's own figures. */
export function LossLegend() {
  const unit = lossUnit.value;
  const { loss, heldOutLoss = loss } = figures.value ?? {};
  return (
    <dl class="meanings">
      <div>
        <dt>Loss</dt>
        <dd>how surprised it is by each next character; 0 would be never.</dd>
      </div>
      <div>
        <dt>{unit === "nats" ? "Nats" : "Bits"}</dt>
        <dd>
          the unit of surprise:{" "}
          {unit === "nats"
            ? "1 nat is the surprise at what had one chance in 2.72"
            : "1 bit is the surprise at what had one chance in two"}
          .
          {heldOutLoss !== undefined &&
            ` At ${inUnit(heldOutLoss, unit).toFixed(2)} it is as unsure as between ${Math.exp(heldOutLoss).toFixed(1)} equally likely characters.`}
        </dd>
      </div>
      <div>
        <dt>Held-out</dt>
        <dd>
          the end of the text, which it never trains on: the fair test. Where this rises while the other sinks, it
          learns by heart.
        </dd>
      </div>
    </dl>
  );
}
