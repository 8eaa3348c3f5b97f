import { useState } from "preact/hooks";
import { renameModel } from "../state/models.js";
import { telling } from "../state/notices.js";

/** The name of a model that is kept, to be changed. */
export function TitleField({ id, title, label }: { id: string; title: string; label: string }) {
  // What is being typed stays in the field while saves draw the list anew.
  const [typed, setTyped] = useState<string>();
  const rename = (given: string) => {
    const wanted = given.trim();
    const isNew = wanted !== "" && wanted !== title;
    if (isNew) void telling(() => renameModel(id, wanted)).finally(() => setTyped(undefined));
    else setTyped(undefined);
  };
  return (
    <input
      class="title"
      type="text"
      aria-label={label}
      value={typed ?? title}
      maxLength={80}
      onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      onChange={({ currentTarget }) => rename(currentTarget.value)}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}
