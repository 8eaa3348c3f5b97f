import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface GutenbergServer {
  /** Requests so far, as `GET www.gutenberg.org/files/1/1-0.txt`. */
  readonly requests: string[];
  readonly headers: IncomingMessage["headers"][];
  /** A `fetch` for which every host is this server, which sees the host it was meant for. */
  readonly fetch: typeof fetch;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
}

/** Plays Project Gutenberg, good or bad, on loopback until the test ends. Paths without an answer are not found. */
export async function serveGutenberg(answers: Record<string, Answer>): Promise<GutenbergServer> {
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    const meant = String(request.headers["x-meant-host"] ?? request.headers.host);
    requests.push(`${request.method} ${meant}${request.url}`);
    headers.push(request.headers);
    const answer = answers[`${meant}${request.url}`] ?? answers[request.url ?? ""] ?? status(404);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    requests,
    headers,
    origin,
    fetch: async (input, init) => {
      const meant = new URL(String(input));
      const response = await fetch(`${origin}${meant.pathname}${meant.search}`, {
        ...init,
        headers: { ...(init?.headers as Record<string, string>), "x-meant-host": meant.host },
      });
      Object.defineProperty(response, "url", { value: meant.href });
      return response;
    },
  };
}

export function text(body: string | Uint8Array, headers: Record<string, string | number> = {}): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8", ...headers });
    response.end(body);
  };
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(code, headers);
    response.end("no");
  };
}

export function redirect(location: string, code = 302): Answer {
  return status(code, { location });
}

/** The first answer to the first request, and so on; the last one from then on. */
export function inTurn(...answers: Answer[]): Answer {
  let count = 0;
  return (request, response) => answers[Math.min(count++, answers.length - 1)]!(request, response);
}

/** A clock that never waits: sleeping moves it on, and is noted in milliseconds. */
export function fakeClock() {
  let time = Date.UTC(2026, 0, 1);
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => time,
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      time += milliseconds;
    },
  };
}
