// The service worker in a scope that a test makes: its caches are Maps.
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const scope = "https://host.test/demo/";
const listeners = new Map<string, (event: unknown) => void>();
const caches = new Map<string, Map<string, Response>>();

let isFull = false;

const cacheOf = (name: string) => {
  const files = caches.get(name) ?? new Map<string, Response>();
  caches.set(name, files);
  const urlOf = (request: Request | string) => new URL(typeof request === "string" ? request : request.url, scope).href;
  return {
    match: async (request: Request | string) => files.get(urlOf(request))?.clone(),
    put: async (request: Request, response: Response) => {
      if (isFull) throw new DOMException("no room", "QuotaExceededError");
      files.set(urlOf(request), response);
    },
    add: async (request: Request) => void files.set(urlOf(request), new Response(`kept ${request.url}`)),
  };
};

beforeEach(async () => {
  vi.stubGlobal("self", {
    registration: { scope },
    location: new URL(scope),
    clients: { claim: async () => {} },
    addEventListener: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
  });
  vi.stubGlobal("caches", {
    open: async (name: string) => cacheOf(name),
    keys: async () => [...caches.keys()],
    delete: async (name: string) => caches.delete(name),
  });
  for (const [name, value] of Object.entries({
    __FILES__: ["index.html", "app.js"],
    __LATER__: ["texts/verse.bin"],
    __VERSION__: "2",
    __HEADERS__: { "Cross-Origin-Opener-Policy": "same-origin" },
  }))
    vi.stubGlobal(name, value);
  vi.resetModules();
  const worker = "../src/service-worker"; // its types are of another global scope than those of the tests
  await import(worker);
});

afterEach(() => {
  isFull = false;
  vi.unstubAllGlobals();
  caches.clear();
});

/** Sends an event to the worker, and waits for what it promises. */
async function send(name: string, event: Record<string, unknown> = {}): Promise<unknown> {
  let promised: unknown;
  const keep = (work: unknown) => {
    promised = work;
  };
  listeners.get(name)!({ ...event, waitUntil: keep, respondWith: keep });
  return promised;
}

test("a new version keeps its own files, and deletes those of earlier ones but nobody else's", async () => {
  const others = ["another app 1", "charlstm https://host.test/elsewhere/ 1"];
  for (const name of [`charlstm ${scope} 1`, ...others]) cacheOf(name);
  await send("install");
  await send("activate");
  expect([...caches.keys()].sort()).toEqual([...others, `charlstm ${scope} 2`].sort());
  expect([...caches.get(`charlstm ${scope} 2`)!.keys()]).toEqual([`${scope}index.html`, `${scope}app.js`]);
});

test("what is kept is answered with the headers that give threads, and other origins are left alone", async () => {
  await send("install");
  const answer = (await send("fetch", { request: new Request(`${scope}app.js`) })) as Response;
  expect(await answer.text()).toBe(`kept ${scope}app.js`);
  expect(answer.headers.get("Cross-Origin-Opener-Policy")).toBe("same-origin");
  expect(await send("fetch", { request: new Request("https://elsewhere.test/app.js") })).toBeUndefined();
});

test("the page is answered under its folder and its own name, and other pages and files under the folder are left alone", async () => {
  await send("install");
  const navigation = (url: string) => send("fetch", { request: Object.assign(new Request(url), {}) });
  for (const url of [scope, `${scope}?from=a-link`, `${scope}index.html`]) {
    expect(await ((await navigation(url)) as Response | undefined)?.text(), url).toBeDefined();
  }
  for (const url of [`${scope}docs/`, `${scope}docs/index.html`, `${scope}other.js`]) {
    expect(await navigation(url), url).toBeUndefined();
  }
});

test("a text is fetched when it is asked for, not before, and then once", async () => {
  const fetching = vi.fn(async () => new Response("a ballad"));
  vi.stubGlobal("fetch", fetching);
  await send("install");
  expect(fetching).not.toHaveBeenCalled();
  for (const _ of ["the first time", "the second time"]) {
    const answer = (await send("fetch", { request: new Request(`${scope}texts/verse.bin`) })) as Response;
    expect(await answer.text()).toBe("a ballad");
  }
  expect(fetching).toHaveBeenCalledTimes(1);
});

test("what is fetched later is answered too where there is no room to keep it", async () => {
  await send("install");
  isFull = true;
  vi.stubGlobal("fetch", async () => new Response("verse"));
  const answer = (await send("fetch", { request: new Request(`${scope}texts/verse.bin`) })) as Response;
  expect(await answer.text()).toBe("verse");
});
