import { useState } from "preact/hooks";
import type { ModelRecord } from "../files/records.js";
import { deleteModel } from "../state/models.js";
import { telling } from "../state/notices.js";

/** Deletes a model, once that was asked for twice. */
export function DeleteButton({ record, label }: { record: ModelRecord; label: string }) {
  const [isDeleting, setDeleting] = useState(false);
  if (!isDeleting) {
    return (
      <button type="button" class="quiet" aria-label={label} onClick={() => setDeleting(true)}>
        Delete
      </button>
    );
  }
  return (
    <>
      <button type="button" class="danger" onClick={() => void telling(() => deleteModel(record))}>
        Delete for good
      </button>
      <button ref={focus} type="button" class="quiet" onClick={() => setDeleting(false)}>
        Keep
      </button>
    </>
  );
}

/** The harmless answer has the focus, so that Enter held down deletes nothing. */
const focus = (button: HTMLButtonElement | null) => button?.focus();
