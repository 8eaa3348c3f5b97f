import type { Place, Use } from "../files/shelf.js";
import { formatCount } from "../logic/format.js";
import { inUnit, type LossUnit } from "../logic/loss-series.js";
import { lossUnit } from "../state/run.js";
import { ChoiceField } from "./fields.js";

interface UseFieldProps {
  places: Record<Use, Place>;
  value: Use;
  onChange: (use: Use) => void;
}

/** Chooses between a run's best model and its last, and says which they are. */
export function UseField({ places, value, onChange }: UseFieldProps) {
  const unit = lossUnit.value;
  return (
    <ChoiceField
      label="Epoch"
      hint="The best on the held-out text, or the last."
      value={value}
      options={[
        { value: "best", title: `Best: ${describe(places.best, unit)}` },
        { value: "last", title: `Last: ${describe(places.last, unit)}` },
      ]}
      onChange={onChange}
    />
  );
}

function describe({ epoch, step, heldOutLoss }: Place, unit: LossUnit): string {
  const where = step === undefined ? `epoch ${epoch}` : `epoch ${epoch + 1} to step ${formatCount(step)}`;
  return heldOutLoss === undefined ? where : `${where}, held-out ${inUnit(heldOutLoss, unit).toFixed(3)} ${unit}`;
}
