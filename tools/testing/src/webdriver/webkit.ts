// WebKitGTK's own browser, by its own driver, on a screen that nobody sees.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type Command, createSession, type Opened, type Session, startTimeout, within } from "./session.js";

/**
 * Starts MiniBrowser, which keeps nothing of what it sees when a driver starts it.
 *
 * @param options Of its JavaScript engine, as variables of its environment.
 */
export async function startWebKit(
  { driver, browser }: { driver: string; browser: string },
  options: Record<string, string> = {},
): Promise<Session> {
  const started: ChildProcess[] = [];
  const end = async () => {
    for (const process of started.reverse()) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      process.kill();
      await once(process, "exit");
    }
  };
  try {
    const screen = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    started.push(screen);
    const [number] = await within(startTimeout, "starting a screen", once(screen.stdout, "data"));
    const port = await freePort();
    const environment = {
      ...process.env,
      ...options,
      DISPLAY: `:${String(number).trim()}`,
      LIBGL_ALWAYS_SOFTWARE: "1",
    };
    started.push(spawn(driver, [`--port=${port}`], { env: environment, stdio: "ignore" }));
    const root = `http://127.0.0.1:${port}`;
    await within(startTimeout, "starting WebKitWebDriver", answering(`${root}/status`));
    const binary = { "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] } };
    const opening = ask(`${root}/session`, { capabilities: { alwaysMatch: binary } });
    const opened = (await within(startTimeout, "starting WebKitGTK", opening)) as Opened & { sessionId: string };
    const session = `${root}/session/${opened.sessionId}`;
    const send = (command: Command, { id, ...parameters }: Record<string, unknown>) =>
      within(startTimeout, command, ask(session + pathOf(command, String(id)), parameters));
    return createSession(send, opened, async () => {
      await fetch(session, { method: "DELETE" }).catch(() => undefined);
      await end();
    });
  } catch (error) {
    await end();
    throw error;
  }
}

function pathOf(command: Command, element: string): string {
  switch (command) {
    case "Navigate":
      return "/url";
    case "ExecuteScript":
      return "/execute/sync";
    case "ElementClick":
      return `/element/${element}/click`;
    case "ElementSendKeys":
      return `/element/${element}/value`;
  }
}

async function ask(address: string, parameters: unknown): Promise<unknown> {
  const response = await fetch(address, { method: "POST", body: JSON.stringify(parameters) });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
  if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
  return value;
}

async function answering(address: string): Promise<void> {
  while (!(await fetch(address).catch(() => undefined))?.ok) await wait(50);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
