// What the tests ask of a browser, whichever it is: the few commands that all of them have.

/** An element of the page, as a driver names it. */
export interface Found {
  readonly id: string;
}

/** A window of a browser without a past. */
export interface Session {
  /** The browser's. */
  readonly version: string;
  /** Goes to an address and waits until it is loaded. */
  open(address: string): Promise<void>;
  /** Runs the body of a function in the page; what it returns has to be JSON. */
  run<Result>(body: string, ...given: unknown[]): Promise<Result>;
  /** The element that the body of a function returns; `undefined` for none. */
  find(body: string, ...given: unknown[]): Promise<Found | undefined>;
  /** Clicks as a pointer does. */
  click(element: Found): Promise<void>;
  /** Types as a keyboard does; on a place for files it chooses the file of that path. */
  type(element: Found, text: string): Promise<void>;
  /** Ends the browser and deletes its profile. */
  close(): Promise<void>;
}

/** A command of WebDriver, by the name that Firefox gives it. */
export type Send = (command: Command, parameters: Record<string, unknown>) => Promise<unknown>;

export type Command = "Navigate" | "ExecuteScript" | "ElementClick" | "ElementSendKeys";

/** What a driver answers when it opens a session. */
export interface Opened {
  readonly capabilities: { readonly browserVersion: string };
}

/** The name of an element's id in an answer. @see https://www.w3.org/TR/webdriver2/#elements */
const elementKey = "element-6066-11e4-a52e-4f735466cecf";

/** A session out of WebDriver's commands. */
export function createSession(send: Send, opened: Opened, close: () => Promise<void>): Session {
  const execute = (script: string, args: unknown[]) => send("ExecuteScript", { script, args });
  return {
    version: opened.capabilities.browserVersion,
    open: async (url) => void (await send("Navigate", { url })),
    run: async <Result>(body: string, ...given: unknown[]) => (await execute(body, given)) as Result,
    async find(body, ...given) {
      const id = ((await execute(body, given)) as Record<string, string> | null)?.[elementKey];
      return id === undefined ? undefined : { id };
    },
    click: async ({ id }) => void (await send("ElementClick", { id })),
    type: async ({ id }, text) => void (await send("ElementSendKeys", { id, text })),
    close,
  };
}

/** Milliseconds that a browser has to start in; a machine that tests elsewhere too takes its time. */
export const startTimeout = 60_000;

/** Fails with a sentence where something takes too long. */
export async function within<Result>(milliseconds: number, what: string, work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
