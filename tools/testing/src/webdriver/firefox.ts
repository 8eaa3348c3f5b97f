// Firefox as it comes, by the protocol that its own driver speaks to it: so that no driver has to be installed.
// https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createSession, type Opened, type Session, startTimeout, within } from "./session.js";

/** Starts a Firefox without a window, with a profile of its own that has these preferences. */
export async function startFirefox(executable: string, preferences: Record<string, unknown> = {}): Promise<Session> {
  const profile = await mkdtemp(join(tmpdir(), "charlstm-firefox-"));
  // Any free port, which it then writes into its profile.
  const lines = Object.entries({ "marionette.port": 0, ...preferences }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(profile, "user.js"), lines.join(""));
  const browser = spawn(executable, ["--headless", "--marionette", "--no-remote", "--profile", profile], {
    stdio: "ignore",
  });
  const ended = once(browser, "exit");
  const end = async () => {
    browser.kill("SIGKILL");
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const port = await within(startTimeout, "starting Firefox", portOf(profile));
    const { send, socket } = await speak(port);
    const opened = (await send("WebDriver:NewSession", {})) as Opened;
    // The window that it starts with is its own, and goes nowhere.
    const { handle } = (await send("WebDriver:NewWindow", { type: "tab" })) as { handle: string };
    await send("WebDriver:SwitchToWindow", { handle });
    const command = async (name: string, parameters: Record<string, unknown>) => {
      const answer = await send(`WebDriver:${name}`, parameters);
      return (answer as { value?: unknown }).value;
    };
    return createSession(command, opened, async () => {
      socket.destroy();
      await end();
    });
  } catch (error) {
    await end();
    throw error;
  }
}

async function portOf(profile: string): Promise<number> {
  for (;;) {
    const written = await readFile(join(profile, "MarionetteActivePort"), "utf8").catch(() => "");
    if (/^\d+/.test(written)) return Number.parseInt(written, 10);
    await wait(50);
  }
}

type Answer = [kind: 1, id: number, error: { error: string; message: string } | null, result: unknown];

/** Messages are JSON with the number of its bytes and a colon before it: `[0, id, name, parameters]` and `[1, id, error, result]`. */
async function speak(port: number) {
  const socket: Socket = connect(port, "127.0.0.1");
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let unread = Buffer.alloc(0);
  // The first message is a greeting.
  let last = 0;
  const greeting = new Promise<unknown>((resolve, reject) => {
    waiting.set(last, { resolve, reject });
    socket.on("error", reject);
  });
  socket.on("data", (bytes) => {
    unread = Buffer.concat([unread, bytes]);
    for (let colon = unread.indexOf(":"); colon > 0; colon = unread.indexOf(":")) {
      const end = colon + 1 + Number(unread.subarray(0, colon).toString());
      if (unread.length < end) return;
      const message: unknown = JSON.parse(unread.subarray(colon + 1, end).toString());
      unread = unread.subarray(end);
      answer(Array.isArray(message) ? (message as Answer) : [1, 0, null, message]);
    }
  });
  function answer([, id, error, result]: Answer): void {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(`${error.error}: ${error.message}`));
    else asked?.resolve(result);
  }
  await within(startTimeout, "greeting Firefox", greeting);
  const send = (name: string, parameters: unknown): Promise<unknown> => {
    const id = ++last;
    const message = JSON.stringify([0, id, name, parameters]);
    const answered = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
    socket.write(`${Buffer.byteLength(message)}:${message}`);
    return within(startTimeout, name, answered);
  };
  return { send, socket };
}
