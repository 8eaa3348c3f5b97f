// What the tabs of this browser tell each other: of their models, and which run each trains, so that no two train one. Not by locks:
// WebKitGTK 2.50 grants one and never lets it go.
import { signal } from "@preact/signals";

type Message =
  | { type: "models-changed" }
  /** Who trains, or who trains this run: a tab that is about to. */
  | { type: "asked"; id?: string; by: number }
  | { type: "training" | "ended"; id: string };

/** The runs that other tabs train, as far as they have said. */
export const elsewhere = signal<ReadonlySet<string>>(new Set());

/** Milliseconds within which a tab answers: its page does, which no run keeps waiting. */
const patience = 300;

const channel = openChannel();
const self = Math.random();
let trained: string | undefined;
/** A run that this tab asks for, and whether another tab has it, or asks for it too and goes before. */
let wanted: string | undefined;
let isTaken = false;

/** None where site data are blocked; then no two tabs have a run in common. */
function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel("charlstm");
  } catch {
    return undefined;
  }
}

const tell = (message: Message) => channel?.postMessage(message);

export const tellModelsChanged = (): void => tell({ type: "models-changed" });

/** Begins to answer other tabs, and to hear of their changes. */
export function followTabs(onModelsChanged: () => void): void {
  channel?.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (data.type === "models-changed") onModelsChanged();
    else if (data.type === "asked") answer(data);
    else hear(data.id, data.type === "training");
  });
  addEventListener("pagehide", release);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    // A tab may be gone without a word.
    askAll();
    onModelsChanged();
  });
  askAll();
}

function askAll(): void {
  elsewhere.value = new Set();
  tell({ type: "asked", by: self });
}

function answer({ id, by }: Extract<Message, { type: "asked" }>): void {
  if (trained !== undefined && (id ?? trained) === trained) tell({ type: "training", id: trained });
  else if (id !== undefined && id === wanted && by < self) isTaken = true;
}

function hear(id: string, isThere: boolean): void {
  if (id === wanted) isTaken = isThere;
  const ids = new Set(elsewhere.value);
  if (isThere) ids.add(id);
  else ids.delete(id);
  elsewhere.value = ids;
}

/**
 * Takes a run for this tab; a new one nobody else can have.
 *
 * @throws {Error} Another tab trains it.
 */
export async function claim(id: string, isNew: boolean): Promise<void> {
  if (!isNew && channel) {
    [wanted, isTaken] = [id, false];
    tell({ type: "asked", id, by: self });
    await new Promise((resolve) => setTimeout(resolve, patience));
    wanted = undefined;
    if (isTaken)
      throw new Error("This run is in training in another tab of this browser: pause or stop it there first.");
  }
  trained = id;
  hear(id, false);
  tell({ type: "training", id });
}

/** Lets the run of this tab go. */
export function release(): void {
  if (trained !== undefined) tell({ type: "ended", id: trained });
  trained = undefined;
}
