import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { CharacterMap } from "../logic/character-map.js";
import { formatCount, formatShare, nameCharacter, showCharacter } from "../logic/format.js";
import { kindOf, pictures } from "../logic/map-layout.js";
import { ChoiceField } from "./fields.js";

const screen = matchMedia("(max-width: 640px)");
const isNarrow = signal(screen.matches);
screen.addEventListener("change", () => {
  isNarrow.value = screen.matches;
});

/** The learned vectors of the input characters, in the plane where they differ most. */
export function CharacterMapPlot({ map }: { map: CharacterMap }) {
  const [chosen, choose] = useState("e");
  const { characters, known, explained } = map;
  const width = isNarrow.value ? "narrow" : "wide";
  const size = pictures[width];
  const points = map[width];
  const center = characters.includes(chosen) ? chosen : characters[0]!;
  const near = map.neighbours[characters.indexOf(center)]!.map((index) => characters[index]!);
  return (
    <section class="card" aria-labelledby="map-title">
      <div class="card-head">
        <h2 id="map-title">How it sees the characters</h2>
        <p class="legend">
          <span class="key vowel">vowels</span>
          <span class="key consonant">other letters</span>
          <span class="key mark">marks</span>
          <span class="key digit">digits</span>
        </p>
      </div>
      <svg
        class="map"
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-label="Map of the characters"
        data-testid="map"
      >
        {characters.map((character, index) => (
          <text
            key={character}
            x={points[index]!.x}
            y={points[index]!.y}
            class={`${kindOf(character)}${near.includes(character) || character === center ? " near" : ""}`}
          >
            {showCharacter(character)}
          </text>
        ))}
      </svg>
      <p class="fine">
        Each character’s row of the first kernel, projected on its two principal components ({formatShare(explained[0])}{" "}
        and {formatShare(explained[1])} of the differences). Characters that it treats alike lie close together; labels
        are moved a little where they would overlap.
        {known > characters.length &&
          ` Of the ${formatCount(known)} that it knows these are the ${characters.length} of which it has learnt most.`}
      </p>
      <div class="near-row">
        <ChoiceField
          label="Neighbours of"
          value={center}
          options={characters.map((character) => ({ value: character, title: nameCharacter(character) }))}
          onChange={choose}
        />
        <p>{near.map(nameCharacter).join(", ")}</p>
      </div>
    </section>
  );
}
