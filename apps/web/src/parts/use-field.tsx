import type { Place, Use } from "../files/records.js";
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
  const { best, last } = places;
  const unit = lossUnit.value;
  const losses = [lossOf(best, "the best", unit), lossOf(last, "the last", unit)].filter((said) => said !== undefined);
  return (
    <ChoiceField
      label="Epoch"
      hint={`Held-out loss in ${unit}: ${losses.join(", ")}.`}
      value={value}
      options={[
        { value: "best", title: `Best: ${whereOf(best)}` },
        { value: "last", title: `Last: ${whereOf(last)}` },
      ]}
      onChange={onChange}
    />
  );
}

const lossOf = ({ heldOutLoss }: Place, which: string, unit: LossUnit): string | undefined =>
  heldOutLoss === undefined ? undefined : `${which} ${inUnit(heldOutLoss, unit).toFixed(3)}`;

const whereOf = ({ epoch, step }: Place): string =>
  step === undefined ? `epoch ${epoch}` : `epoch ${epoch + 1} to step ${formatCount(step)}`;
