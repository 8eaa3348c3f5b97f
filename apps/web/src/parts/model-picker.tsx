import { readyId, readyModel } from "../files/ready.js";
import { chooseModel, chosenUse, models, runId, usedModel } from "../state/models.js";
import { figures, isBusy, status } from "../state/run.js";
import { ChoiceField } from "./fields.js";
import { UseField } from "./use-field.js";

/** Chooses the model to play with: the run's own, a saved one, or the one that comes with the page. */
export function ModelPicker() {
  const isRunning = status.value === "running" || status.value === "starting";
  const current = runId.value
    ? [{ value: "current", title: isRunning ? "The one in training now" : "The one just trained" }]
    : [];
  const saved = models.value
    .filter(({ id }) => id !== runId.value)
    .map(({ id, title, units }) => ({ value: id, title: `${title} (${units.join(" + ")} units)` }));
  const ready = { value: readyId, title: `${readyModel.title} (${readyModel.units.join(" + ")} units)` };
  const options = [...current, ...saved, ready];
  const used = usedModel.value;
  const isCurrent = used === "current";
  const places = isCurrent
    ? isBusy.value
      ? undefined
      : figures.value?.places
    : models.value.find(({ id }) => id === used)?.places;
  return (
    <>
      <ChoiceField label="Model" value={used} options={options} onChange={(id) => chooseModel(id)} />
      {places && <UseField places={places} value={chosenUse.value} onChange={(use) => chooseModel(used, use)} />}
    </>
  );
}
