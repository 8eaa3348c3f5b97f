import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { chosenFiles, droppedFiles, type FoundFile } from "../files/found-files.js";
import { telling } from "../state/notices.js";

interface FileDropProps {
  /** What the button says. */
  label: string;
  accept?: string;
  multiple?: boolean;
  onFiles: (files: FoundFile[]) => void;
  children?: ComponentChildren;
}

/** A place to drop files on, with a button that chooses them. */
export function FileDrop({ label, accept, multiple, onFiles, children }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const give = (files: FoundFile[]) => {
    if (files.length > 0) onFiles(files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button in it does the same.
    <div
      class={`drop${isOver ? " over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer) void telling(() => droppedFiles(event.dataTransfer!).then(give));
      }}
    >
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
          give(chosenFiles(currentTarget.files ?? []));
          currentTarget.value = "";
        }}
      />
      {children}
    </div>
  );
}
