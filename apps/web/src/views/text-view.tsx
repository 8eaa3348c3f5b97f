import { countWindows } from "@charlstm/vectorize";
import type { FoundFile } from "../files/found-files.js";
import { formatCount, showCharacter } from "../logic/format.js";
import { ChoiceField, SwitchField } from "../parts/fields.js";
import { FileDrop } from "../parts/file-drop.js";
import { ScrollBox } from "../parts/scroll-box.js";
import { choices } from "../state/choices.js";
import { sayError } from "../state/notices.js";
import { changeCleaning, cleaning, isReading, openText, text } from "../state/text.js";
import type { CutPreview } from "../worker/text-desk.js";

let typing: ReturnType<typeof setTimeout> | undefined;

/** Cleans what was typed once the typing pauses. */
function openTyped(typed: string): void {
  clearTimeout(typing);
  typing = setTimeout(() => {
    if (typed.trim() !== "") void openText({ kind: "text", text: typed });
  }, 350);
}

function openOne(files: FoundFile[]): void {
  if (files.length === 1) void openText({ kind: "file", file: files[0]!.file });
  else sayError(new Error(`One text at a time: these are ${files.length} files. Join them, or choose one.`));
}

export function TextView() {
  return (
    <div class="columns even">
      <section class="card stack" aria-labelledby="source-title">
        <h2 id="source-title">Your text</h2>
        <FileDrop label="Choose a file" accept=".txt,.md,.text,text/*" onFiles={openOne}>
          <p>or drop one here: any plain text, such as a Project Gutenberg book.</p>
        </FileDrop>
        <div class="field">
          <label for="paste">Or paste</label>
          <textarea
            id="paste"
            rows={7}
            spellcheck={false}
            placeholder="A few thousand characters at least; the more, the better it writes."
            onInput={({ currentTarget }) => openTyped(currentTarget.value)}
          />
        </div>
        <button type="button" onClick={() => void openText({ kind: "novel" })}>
          Take Moby-Dick (public domain)
        </button>
        <CleaningFields />
      </section>
      <TextFacts />
    </div>
  );
}

function CleaningFields() {
  const { recipe, foldCase, unwrap } = cleaning.value;
  return (
    <div class="fields">
      <ChoiceField
        label="Cleaning"
        hint="Gutenberg removes header, licence, notes and marks of formatting; a text without Gutenberg’s markers stays whole. Notebook does what the reference did, to the letter."
        value={recipe}
        options={[
          { value: "gutenberg", title: "Gutenberg" },
          { value: "notebook", title: "Notebook" },
        ]}
        onChange={(value) => changeCleaning({ recipe: value })}
      />
      <SwitchField
        label="Lower case"
        hint="Fewer different characters to learn."
        checked={recipe === "notebook" || foldCase}
        disabled={recipe === "notebook"}
        onChange={(value) => changeCleaning({ foldCase: value })}
      />
      <SwitchField
        label="Join wrapped lines"
        hint="So that it need not learn where lines end."
        checked={recipe === "notebook" || unwrap}
        disabled={recipe === "notebook"}
        onChange={(value) => changeCleaning({ unwrap: value })}
      />
    </div>
  );
}

function TextFacts() {
  const open = text.value;
  if (!open) return <p class="empty">{isReading.value ? "Reading …" : "No text is open."}</p>;
  const { window, stride } = choices.value.settings;
  const windows = open.characters > window ? countWindows(open.characters, { window, stride }) : 0;
  return (
    <section
      class={`card stack${isReading.value ? " waiting" : ""}`}
      aria-labelledby="facts-title"
      aria-busy={isReading.value}
    >
      <h2 id="facts-title">{open.title}</h2>
      <dl class="figures three" data-testid="counts">
        <div>
          <dt>Characters</dt>
          <dd>
            <strong>{formatCount(open.characters)}</strong>
          </dd>
        </div>
        <div>
          <dt>Different ones</dt>
          <dd>
            <strong>{formatCount(open.vocabulary.length)}</strong>
          </dd>
        </div>
        <div>
          <dt>Windows of {window}</dt>
          <dd>
            <strong>{formatCount(windows)}</strong>
          </dd>
        </div>
      </dl>
      {open.warnings.map((warning) => (
        <p key={warning} class="problem">
          {warning}
        </p>
      ))}
      <h3>Cleaned text</h3>
      <ScrollBox class="preview" label="Beginning of the cleaned text" testId="preview">
        <pre>
          {open.start}
          {open.characters > open.start.length && " …"}
        </pre>
      </ScrollBox>
      <h3>What was cut</h3>
      {open.cuts.length === 0 ? (
        <p class="fine">Nothing.</p>
      ) : (
        open.cuts.map((cut) => <CutFacts key={cut.rule} cut={cut} />)
      )}
      <details>
        <summary>All {open.vocabulary.length} characters</summary>
        <p class="characters">
          {open.vocabulary.slice(0, 400).map((character) => (
            <span key={character}>{showCharacter(character)}</span>
          ))}
        </p>
      </details>
    </section>
  );
}

function CutFacts({ cut }: { cut: CutPreview }) {
  const { rule, places, characters, firstLine, lastLine, excerpts } = cut;
  return (
    <details class="cut">
      <summary>
        <strong>{rule.replace("-", " ")}</strong> {formatCount(characters)} characters in {formatCount(places)}{" "}
        {places === 1 ? "place" : "places"}, lines {formatCount(firstLine)} to {formatCount(lastLine)}
      </summary>
      {excerpts.map((excerpt, index) => (
        <pre key={index}>{excerpt}</pre>
      ))}
    </details>
  );
}
