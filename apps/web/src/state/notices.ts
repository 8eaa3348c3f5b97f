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

/** Does something and tells when it fails. */
export async function telling(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    sayError(error);
  }
}
