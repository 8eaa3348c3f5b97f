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

/** @returns What it says, to withdraw it by. */
export function sayError(error: unknown): Notice {
  const message = error instanceof Error ? error.message : String(error);
  const said: Notice = { kind: "error", message: message.charAt(0).toUpperCase() + message.slice(1) };
  notice.value = said;
  return said;
}

/** Takes back what holds no longer, if it is still what the page says. */
export function withdraw(said: Notice | undefined): void {
  if (notice.value === said) notice.value = undefined;
}

/** The failure of what was asked for last. */
let refusal: Notice | undefined;

/** Does something and tells when it fails; until something else succeeds. */
export async function telling(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    withdraw(refusal);
  } catch (error) {
    refusal = sayError(error);
  }
}
