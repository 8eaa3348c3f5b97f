import { chooseModel, chosenModel, chosenUse, models } from "../state/models.js";
import { figures, isBusy, runId, status } from "../state/run.js";
import { ChoiceField } from "./fields.js";
import { UseField } from "./use-field.js";

/** Chooses the model to play with: the run's own, or a saved one. */
export function ModelPicker() {
  const isRunning = status.value === "running" || status.value === "starting";
  const current = runId.value
    ? [{ value: "current", title: isRunning ? "The one in training now" : "The one just trained" }]
    : [];
  const saved = models.value
    .filter(({ id }) => id !== runId.value)
    .map(({ id, title, units }) => ({ value: id, title: `${title} (${units.join(" + ")} units)` }));
  const options = [...current, ...saved];
  const chosen = options.find(({ value }) => value === chosenModel.value) ?? options[0];
  if (!chosen) return <p class="empty">There is no model yet. Start training, or import one under Keep.</p>;
  if (chosen.value !== chosenModel.value) chooseModel(chosen.value);
  const isCurrent = chosen.value === "current";
  const places = isCurrent
    ? isBusy.value
      ? undefined
      : figures.value?.places
    : models.value.find(({ id }) => id === chosen.value)?.places;
  return (
    <>
      <ChoiceField label="Model" value={chosen.value} options={options} onChange={(id) => chooseModel(id)} />
      {places && (
        <UseField places={places} value={chosenUse.value} onChange={(use) => chooseModel(chosen.value, use)} />
      )}
    </>
  );
}
