import { useState } from "preact/hooks";
import type { CellStep } from "../logic/cell-step.js";
import { formatShare, nameCharacter, showCharacter } from "../logic/format.js";
import { likeliest } from "../logic/likeliest.js";
import { chosenCell, followCharacter, readText } from "../state/inside.js";
import type { OneCharacter } from "../worker/watched-text.js";
import { RangeField } from "./fields.js";

/** Characters shown on either side of the one that is followed. */
const around = 24;
const shown = 6;

/** One character on its way through the network: what a cell's gates do with it, and what is expected to come next. */
export function OneCharacterCard({ followed }: { followed: OneCharacter }) {
  const [temperature, setTemperature] = useState(0.5);
  const { place, step, logits, characters } = followed;
  const text = readText.value!.characters;
  const next = likeliest(logits, characters, temperature, shown);
  return (
    <section class="card one" aria-labelledby="one-title">
      <h2 id="one-title">One character goes through</h2>
      <p class="sample small around" dir="auto" data-testid="around">
        {text.slice(Math.max(0, place - around), place).join("")}
        <mark>{text[place]}</mark>
        {text.slice(place + 1, place + 1 + around).join("")}
      </p>
      <RangeField
        label="Which character"
        {...{ min: 0, max: text.length - 1, step: 1, value: place }}
        shown={`${nameCharacter(text[place]!)}, number ${place + 1}`}
        onChange={(chosen) => void followCharacter(chosen)}
      />
      <h3>What cell {chosenCell.value} does with it</h3>
      <Gates step={step} />
      <h3>What may come next</h3>
      <RangeField
        label="Temperature of the draw"
        hint="It divides the network’s figures before they become probabilities: low makes the likely likelier."
        {...{ min: 0.1, max: 1.5, step: 0.05, value: temperature, shown: temperature.toFixed(2) }}
        onChange={setTemperature}
      />
      <table class="likely" data-testid="likely">
        <thead>
          <tr>
            <th scope="col">Character</th>
            <th scope="col">As it expects</th>
            <th scope="col">As it is drawn</th>
          </tr>
        </thead>
        <tbody>
          {next.map(({ character, probability, drawn }) => (
            <tr key={character}>
              <th scope="row" class="glyph" aria-label={nameCharacter(character)}>
                {showCharacter(character)}
              </th>
              <Share value={probability} />
              <Share value={drawn} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Share({ value }: { value: number }) {
  return (
    <td>
      <span class="meter" style={{ "--share": String(value) }} /> {formatShare(value)}
    </td>
  );
}

function Gates({ step }: { step: CellStep }) {
  const { input, forget, candidate, output, before, after, told } = step;
  const gates = [
    { name: "Forget gate", share: forget, does: `of the ${shownNumber(before)} that it held stay` },
    { name: "Input gate", share: input, does: `of the candidate ${shownNumber(candidate)} are written` },
    { name: "Output gate", share: output, does: `of tanh(${shownNumber(after)}) are told: ${shownNumber(told)}` },
  ];
  return (
    <>
      <dl class="gates" data-testid="gates">
        {gates.map(({ name, share, does }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span class="meter" style={{ "--share": String(share) }} /> {Math.round(100 * share)} % {does}
            </dd>
          </div>
        ))}
      </dl>
      <p class="fine">
        The cell: {shownNumber(forget)} × {shownNumber(before)} + {shownNumber(input)} × {shownNumber(candidate)} ={" "}
        <strong>{shownNumber(after)}</strong>
      </p>
    </>
  );
}

/** With a true minus sign. */
const shownNumber = (value: number): string => value.toFixed(2).replace("-", "−");
