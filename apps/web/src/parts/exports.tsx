import type { ModelFormat } from "@charlstm/formats";
import { exportFormats } from "../files/formats.js";
import type { Use } from "../files/records.js";
import { exportFile } from "../state/models.js";

/** A model in the formats that it can be taken away in. */
export function Exports({ id, title, use }: { id: string; title: string; use: Use }) {
  return (
    <fieldset class="exports" aria-label={`Export ${title}`}>
      <span class="fine">Export</span>
      {(Object.keys(exportFormats) as ModelFormat[]).map((format) => (
        <button
          key={format}
          type="button"
          class="small"
          title={exportFormats[format].about}
          onClick={() => void exportFile(id, title, format, use)}
        >
          {exportFormats[format].title}
        </button>
      ))}
    </fieldset>
  );
}
