import { useState } from "preact/hooks";
import { CellText } from "../parts/cell-text.js";
import { CharacterMapPlot } from "../parts/character-map.js";
import { NumberField } from "../parts/fields.js";
import { ModelPicker } from "../parts/model-picker.js";
import { OneCharacterCard } from "../parts/one-character.js";
import {
  activations,
  characterMap,
  chooseCell,
  chosenCell,
  followed,
  isLooking,
  look,
  readText,
} from "../state/inside.js";
import { text } from "../state/text.js";
import { canTrain } from "../state/workers.js";

export default function InsideView() {
  const read = readText.value;
  return (
    <div class="columns">
      <div class="stack">
        <section class="card" aria-labelledby="cell-title">
          <div class="card-head">
            <h2 id="cell-title">{read ? cellName(chosenCell.value, read.units) : "One cell at a time"}</h2>
            <p class="legend">
              <span class="key minus">−1</span>
              <span class="key plus">+1</span>
            </p>
          </div>
          {read ? (
            <>
              <Suggestions />
              <CellText characters={read.characters} activations={activations.value} />
            </>
          ) : (
            <p class="empty">
              Each memory cell keeps a number while the network reads. Some follow things that people can name, such as
              quotation marks or the end of a line (Karpathy, Johnson and Li, 2015). Let it read, and see what its cells
              do.
            </p>
          )}
        </section>
        {followed.value && <OneCharacterCard followed={followed.value} />}
        {characterMap.value && <CharacterMapPlot map={characterMap.value} />}
      </div>
      <LookSettings />
    </div>
  );
}

/** `Cell 17`, or `Cell 17 of layer 2`. */
function cellName(cell: number, units: readonly number[]): string {
  let rest = cell;
  for (const [layer, width] of units.entries()) {
    if (rest < width) return units.length === 1 ? `Cell ${rest}` : `Cell ${rest} of layer ${layer + 1}`;
    rest -= width;
  }
  return "Cell";
}

function Suggestions() {
  const { suggestions } = readText.value!;
  if (suggestions.length === 0)
    return <p class="fine">No cell follows anything that can be named yet: train longer.</p>;
  return (
    <ul class="chips" aria-label="Interesting cells">
      {suggestions.map(({ cell, about, correlation }) => (
        <li key={cell}>
          <button type="button" aria-pressed={chosenCell.value === cell} onClick={() => void chooseCell(cell)}>
            {about} <span class="fine">{Math.abs(correlation).toFixed(2)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function LookSettings() {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const shown = typed ?? text.value?.excerpt ?? "";
  const read = readText.value;
  const cells = read?.units.reduce((sum, width) => sum + width, 0) ?? 0;
  const cannotLook = !canTrain || shown === "" || isLooking.value;
  return (
    <section class="card settings" aria-labelledby="look-title">
      <h2 id="look-title">What it reads</h2>
      <ModelPicker />
      <div class="field">
        <label for="look-text">Text</label>
        <textarea
          dir="auto"
          id="look-text"
          rows={8}
          value={shown}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </div>
      <div class="buttons">
        <button type="button" class="primary big" disabled={cannotLook} onClick={() => void look(shown)}>
          {read ? "Read again" : "Read it"}
        </button>
      </div>
      {read && (
        <div class="stepper">
          <button
            type="button"
            aria-label="The cell before"
            onClick={() => void chooseCell((chosenCell.value + cells - 1) % cells)}
          >
            ←
          </button>
          <NumberField
            label="Cell"
            {...{ min: 0, max: cells - 1, step: 1, value: chosenCell.value }}
            onChange={(cell) => void chooseCell(Math.round(cell))}
          />
          <button
            type="button"
            aria-label="The next cell"
            onClick={() => void chooseCell((chosenCell.value + 1) % cells)}
          >
            →
          </button>
        </div>
      )}
    </section>
  );
}
