import { lossUnit } from "../state/run.js";

/** In which unit losses are shown. */
export function UnitSwitch() {
  return (
    <fieldset class="switch" aria-label="Unit of the loss">
      {(["nats", "bits"] as const).map((unit) => (
        <button key={unit} type="button" aria-pressed={lossUnit.value === unit} onClick={() => (lossUnit.value = unit)}>
          {unit}
        </button>
      ))}
    </fieldset>
  );
}
