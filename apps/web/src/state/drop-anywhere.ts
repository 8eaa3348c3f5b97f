import { droppedFiles, type FoundFile } from "../files/found-files.js";
import { sortDropped } from "../files/sort-files.js";
import { importFiles } from "./models.js";
import { sayError } from "./notices.js";
import { tab } from "./tab.js";
import { openText } from "./text.js";

/** Takes files that are dropped anywhere on the page, models and texts by what they are; a browser would leave the page for them. */
export function takeDrops(): void {
  const page = document.documentElement;
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    page.classList.add("dropping");
  });
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) page.classList.remove("dropping");
  });
  addEventListener("drop", (event) => {
    page.classList.remove("dropping");
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    void droppedFiles(event.dataTransfer).then(take).catch(sayError);
  });
}

async function take(files: readonly FoundFile[]): Promise<void> {
  if (files.length === 0) throw new Error("There is no file in what was dropped.");
  const { models, texts } = sortDropped(files, tab.value === "keep");
  tab.value = texts.length > 0 ? "text" : "keep";
  if (texts.length > 0) await openText({ kind: "files", files: texts });
  if (models.length > 0) await importFiles(models);
}
