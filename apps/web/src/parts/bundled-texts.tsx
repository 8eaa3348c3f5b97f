import { type BundledText, bundledTexts } from "../logic/bundled-texts.js";
import { choosePreset } from "../state/choices.js";
import { openText, text } from "../state/text.js";

/** The page's own texts: each brings the preset that suits it. */
export function BundledTexts() {
  const take = (id: BundledText) => {
    choosePreset(bundledTexts[id].preset);
    void openText({ kind: "bundled", id });
  };
  return (
    <fieldset class="bundled">
      <legend>Or take one of these</legend>
      {(Object.keys(bundledTexts) as BundledText[]).map((id) => {
        const { title, about, source } = bundledTexts[id];
        return (
          <button key={id} type="button" aria-pressed={text.value?.bundled === id} onClick={() => take(id)}>
            <strong>{title}</strong>
            <span class="hint">
              {about} {source}
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}
