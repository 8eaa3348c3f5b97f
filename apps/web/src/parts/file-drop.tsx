import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { chosenFiles, type FoundFile } from "../files/found-files.js";

interface FileDropProps {
  /** What the button says. */
  label: string;
  accept?: string;
  multiple?: boolean;
  onFiles: (files: FoundFile[]) => void;
  children?: ComponentChildren;
}

/** A button that chooses files, in a place that shows where to drop them: anywhere on the page. */
export function FileDrop({ label, accept, multiple, onFiles, children }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="drop">
      <button type="button" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        class="unseen"
        type="file"
        tabIndex={-1}
        aria-label={label}
        accept={accept}
        multiple={multiple ?? false}
        onChange={({ currentTarget }) => {
          const files = chosenFiles(currentTarget.files ?? []);
          if (files.length > 0) onFiles(files);
          currentTarget.value = "";
        }}
      />
      {children}
    </div>
  );
}
