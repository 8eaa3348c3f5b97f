import { signal } from "@preact/signals";

export type TabName = "text" | "train" | "play" | "inside" | "keep";

/** The part of the page that is shown. */
export const tab = signal<TabName>("train");
