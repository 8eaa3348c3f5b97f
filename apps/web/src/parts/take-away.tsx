import { textOf } from "../logic/written-items.js";
import { say, telling } from "../state/notices.js";
import { writing, written, writtenBeginning } from "../state/play.js";

/** Takes what was written elsewhere: to the clipboard, and where the browser can hand it on, to another program. */
export function TakeAway() {
  const text = () => textOf(written.value, writtenBeginning.value);
  const isWriting = writing.value !== undefined;
  return (
    <div class="buttons take-away">
      <button type="button" disabled={isWriting} onClick={() => void telling(() => copy(text()))}>
        Copy the text
      </button>
      {"share" in navigator && (
        <button type="button" disabled={isWriting} onClick={() => void telling(() => share(text()))}>
          Share
        </button>
      )}
    </div>
  );
}

async function copy(text: string): Promise<void> {
  // Pages without HTTPS have no clipboard, and a browser may refuse it.
  const isCopied = await (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
    () => true,
    () => copySelected(text),
  );
  if (!isCopied) throw new Error("This browser lets no page copy: select the text and copy it by hand.");
  say("The text is copied.");
}

/** As browsers copied before they had a clipboard for pages: what is selected. */
function copySelected(text: string): boolean {
  const focused = document.activeElement as HTMLElement;
  const field = Object.assign(document.createElement("textarea"), { className: "unseen", value: text });
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused.focus();
  return isCopied;
}

async function share(text: string): Promise<void> {
  await navigator.share({ text }).catch((error: unknown) => {
    // Whoever closes the list of programs has chosen none.
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
  });
}
