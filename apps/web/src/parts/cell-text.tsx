import { activationShade } from "../logic/shades.js";
import { memo } from "./memo.js";
import { ScrollBox } from "./scroll-box.js";

interface CellTextProps {
  characters: readonly string[];
  activations: Float32Array;
}

/** A text coloured by one cell's activation: neighbours of one shade share an element. */
export function CellText({ characters, activations }: CellTextProps) {
  const runs: { text: string; shade: string }[] = [];
  characters.forEach((character, place) => {
    const shade = activationShade(activations[place] ?? 0);
    const last = runs.at(-1);
    if (last?.shade === shade) last.text += character;
    else runs.push({ text: character, shade });
  });
  return (
    <ScrollBox class="sample cells" label="The text, coloured by the cell" testId="cells">
      {runs.map(({ text, shade }, index) => (
        <Run key={index} text={text} shade={shade} />
      ))}
    </ScrollBox>
  );
}

const Run = memo(({ text, shade }: { text: string; shade: string }) => <span class={shade}>{text}</span>);
