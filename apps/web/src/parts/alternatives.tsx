import { formatShare, nameCharacter, showCharacter } from "../logic/format.js";
import { written } from "../state/play.js";
import { chosenPlace } from "./shaded-text.js";

/** What else might have come at the chosen place. */
export function Alternatives() {
  const place = chosenPlace.value;
  const character = place === undefined ? undefined : written.value[place];
  if (!character)
    return (
      <p class="fine">
        Point at a character, or focus the text and use the arrow keys, to see what else it thought of.
      </p>
    );
  return (
    <div class="alternatives" data-testid="alternatives">
      <p class="fine">
        It wrote <strong>{nameCharacter(character.character)}</strong>, which it gave{" "}
        {formatShare(character.modelProbability)}. Its favourites here:
      </p>
      <ol>
        {character.alternatives.map(({ character: other, modelProbability }) => (
          <li key={other} class={other === character.character ? "taken" : ""}>
            <span class="glyph" title={nameCharacter(other)}>
              {showCharacter(other)}
            </span>
            <span class="meter" style={{ "--share": String(modelProbability) }} />
            <span>{formatShare(modelProbability)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
