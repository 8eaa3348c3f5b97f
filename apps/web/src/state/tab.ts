import { signal } from "@preact/signals";

export const tabNames = ["text", "train", "play", "inside", "keep"] as const;
export type TabName = (typeof tabNames)[number];

/** The part of the page that is shown. */
export const tab = signal<TabName>("train");
