import { countWindows } from "@charlstm/vectorize";
import { Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CleanedText, CutPreview } from "../logic/clean-texts.js";
import { formatCount, showCharacter } from "../logic/format.js";
import { BundledTexts } from "../parts/bundled-texts.js";
import { ChoiceField, SwitchField } from "../parts/fields.js";
import { FileDrop } from "../parts/file-drop.js";
import { ScrollBox } from "../parts/scroll-box.js";
import { choices } from "../state/choices.js";
import { telling } from "../state/notices.js";
import { changeCleaning, cleaning, isReading, openText, pasted, text, typeText } from "../state/text.js";
import { trainer } from "../state/workers.js";

/** Texts and warnings shown at the most, of several texts. */
const mostShown = 100;

export default function TextView() {
  return (
    <div class="columns even">
      <section class="card stack" aria-labelledby="source-title">
        <h2 id="source-title">Your text</h2>
        <FileDrop
          label="Choose files"
          accept=".txt,.md,.text,text/*"
          multiple
          onFiles={(files) => void openText({ kind: "files", files })}
        >
          <p>
            or drop them here, folders too: any plain text, such as a Project Gutenberg book. Several are joined in the
            order of their names, with an empty line between two.
          </p>
        </FileDrop>
        <div class="field">
          <label for="paste">Or paste</label>
          <textarea
            dir="auto"
            id="paste"
            rows={7}
            spellcheck={false}
            placeholder="A few thousand characters at least; the more, the better it writes."
            value={pasted.value}
            onInput={({ currentTarget }) => typeText(currentTarget.value)}
          />
        </div>
        <BundledTexts />
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
  const { window, stride, items } = choices.value.settings;
  const [counted, setCounted] = useState<number>();
  useEffect(() => {
    setCounted(undefined);
    let isStale = false;
    if (items && open)
      void telling(async () => {
        const count = await trainer.countItems(items);
        if (!isStale) setCounted(count);
      });
    return () => {
      isStale = true;
    };
  }, [open, items]);
  if (!open) return <p class="empty">{isReading.value ? "Reading …" : "No text is open."}</p>;
  const isJoined = open.texts.length > 1;
  const warnings = open.texts.flatMap(({ name, warnings }) =>
    warnings.map((warning) => (isJoined ? `${name}: ${warning}` : warning)),
  );
  const cutTexts = open.texts.filter(({ cuts }) => cuts.length > 0);
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
          <dt>{items ? "Items" : `Windows of ${window}`}</dt>
          <dd>
            <strong>{items ? (counted === undefined ? "…" : formatCount(counted)) : formatCount(windows)}</strong>
          </dd>
        </div>
      </dl>
      {warnings.slice(0, mostShown).map((warning) => (
        <p key={warning} class="problem">
          {warning}
        </p>
      ))}
      <Others count={warnings.length - mostShown} />
      {isJoined && <JoinedTexts texts={open.texts} isOfItems={items !== undefined} />}
      <h3>Cleaned text</h3>
      <ScrollBox class="preview" label="Beginning of the cleaned text" testId="preview">
        <pre dir="auto">
          {open.start}
          {open.characters > open.start.length && " …"}
        </pre>
      </ScrollBox>
      <h3>What was cut</h3>
      {cutTexts.length === 0 && <p class="fine">Nothing.</p>}
      {cutTexts.slice(0, mostShown).map(({ name, cuts }, at) => (
        <Fragment key={at}>
          {isJoined && <h4 class="cut-in">{name}</h4>}
          {cuts.map((cut) => (
            <CutFacts key={cut.rule} cut={cut} />
          ))}
        </Fragment>
      ))}
      <Others count={cutTexts.length - mostShown} />
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

/** What was joined, in its order. */
function JoinedTexts({ texts, isOfItems }: { texts: readonly CleanedText[]; isOfItems: boolean }) {
  return (
    <>
      <h3>{formatCount(texts.length)} texts, joined in this order</h3>
      <ol class="joined" data-testid="joined">
        {texts.slice(0, mostShown).map(({ name, characters }, at) => (
          <li key={at}>
            {name} <span class="fine">{formatCount(characters)} characters</span>
          </li>
        ))}
      </ol>
      <Others count={texts.length - mostShown} />
      <p class="fine">
        {isOfItems ? "What is held out are items, evenly among all." : "What is held out is the end of each."}
      </p>
    </>
  );
}

function Others({ count }: { count: number }) {
  return count > 0 ? <p class="fine">and {formatCount(count)} more</p> : null;
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
        <pre dir="auto" key={index}>
          {excerpt}
        </pre>
      ))}
    </details>
  );
}
