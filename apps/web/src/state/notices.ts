import { signal } from "@preact/signals";

export interface Notice {
  kind: "info" | "error";
  message: string;
}

/** What the page has to say at the moment; read out by screen readers. */
export const notice = signal<Notice | undefined>(undefined);

export function say(message: string): void {
  notice.value = { kind: "info", message };
}

export function sayError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  notice.value = { kind: "error", message: message.charAt(0).toUpperCase() + message.slice(1) };
}

/** The failure of what was asked for last. */
let refusal: Notice | undefined;

/** Does something and tells when it fails; until something else succeeds. */
export async function telling(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    if (notice.value === refusal) notice.value = undefined;
  } catch (error) {
    sayError(error);
    refusal = notice.value;
  }
}
