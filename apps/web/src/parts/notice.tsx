import { notice } from "../state/notices.js";

/** What the page has to say, read out when it changes. */
export function Notice() {
  const { value } = notice;
  return (
    <div class="notices" role="status" aria-live="polite">
      {value && (
        <div class={`notice ${value.kind}`}>
          <p>{value.message}</p>
          <button type="button" class="quiet" onClick={() => (notice.value = undefined)}>
            Close
          </button>
        </div>
      )}
    </div>
  );
}
