import { signal } from "@preact/signals";

/** Whether the tour through the page is under way. */
export const isTouring = signal(false);
