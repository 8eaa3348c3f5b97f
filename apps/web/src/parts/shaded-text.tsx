import type { GeneratedCharacter } from "@charlstm/training";
import { signal } from "@preact/signals";
import { Fragment } from "preact";
import { formatShare, nameCharacter } from "../logic/format.js";
import { shadeOf } from "../logic/shades.js";
import { type Beginning, gapBefore } from "../logic/written-items.js";
import { written } from "../state/play.js";
import { memo } from "./memo.js";

/** The place whose alternatives are shown. */
export const chosenPlace = signal<number | undefined>(undefined);

interface ShadedTextProps {
  beginning: Beginning;
  characters: readonly GeneratedCharacter[];
}

/** A written text, each character shaded by its probability; pointer and arrow keys choose one to look at. */
export function ShadedText({ beginning, characters }: ShadedTextProps) {
  const choose = (event: Event) => {
    const place = (event.target as HTMLElement).dataset.place;
    if (place !== undefined) chosenPlace.value = Number(place);
  };
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const last = written.value.length - 1;
    const place = Math.max(0, Math.min(last, (chosenPlace.value ?? -1) + step));
    chosenPlace.value = place;
    document.getElementById(`place-${place}`)?.scrollIntoView({ block: "nearest" });
  };
  const chosen = chosenPlace.value;
  return (
    // Not on mouseover: the text also moves below a pointer that rests, where the arrow keys scroll it.
    <div
      class="sample shaded"
      dir="auto"
      data-testid="written"
      role="listbox"
      tabIndex={0}
      aria-label="Written characters; the arrow keys move through them"
      aria-activedescendant={chosen === undefined ? undefined : `place-${chosen}`}
      onMouseMove={choose}
      onClick={choose}
      onKeyDown={move}
    >
      <span class="prompt" role="presentation">
        {beginning.prompt}
      </span>
      {characters.map((character, place) => {
        const gap = gapBefore(character, characters[place - 1], beginning);
        return (
          <Fragment key={place}>
            {gap && (
              <span class="prompt" role="presentation">
                {gap}
              </span>
            )}
            <Shaded character={character} place={place} isChosen={place === chosen} />
          </Fragment>
        );
      })}
    </div>
  );
}

const Shaded = memo(
  ({ character, place, isChosen }: { character: GeneratedCharacter; place: number; isChosen: boolean }) => (
    <span
      id={`place-${place}`}
      role="option"
      tabIndex={-1}
      data-place={place}
      aria-selected={isChosen}
      aria-label={`${nameCharacter(character.character)}, ${formatShare(character.modelProbability)}`}
      class={`shade-${shadeOf(character.modelProbability)}${character.character === "" ? " end" : ""}`}
    >
      {character.character}
    </span>
  ),
);
