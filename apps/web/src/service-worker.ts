// Keeps the app for use without a network, and adds the headers that give threads where the host does not send them.
declare const __FILES__: readonly string[];
/** Kept once the page has asked for them. */
declare const __LATER__: readonly string[];
declare const __VERSION__: string;
declare const __HEADERS__: Readonly<Record<string, string>>;

const worker = self as unknown as ServiceWorkerGlobalScope;
const prefix = `charlstm ${worker.registration.scope} `;
const cacheName = prefix + __VERSION__;
const page = new URL("index.html", worker.registration.scope).href;

worker.addEventListener("install", (event) => event.waitUntil(keepFiles()));

worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));

/** Its own files and no others: other pages may lie under its folder. */
const own = new Set([
  worker.registration.scope,
  ...[...__FILES__, ...__LATER__].map((name) => new URL(name, worker.registration.scope).href),
]);

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method === "GET" && own.has(origin + pathname)) event.respondWith(answer(request));
});

async function keepFiles(): Promise<void> {
  const cache = await caches.open(cacheName);
  // The page has just fetched most of them: what bears its content's hash in its name is the same, of the rest the host is asked
  // whether it has changed.
  const requests = __FILES__.map((name) => {
    const cache = name.startsWith("assets/") ? "force-cache" : "no-cache";
    return new Request(new URL(name, worker.registration.scope), { cache });
  });
  for (const request of requests) {
    if (!(await cache.match(request))) await cache.add(request);
  }
}

/** Drops what earlier versions kept, and serves the pages that are open already. */
async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
  }
  await worker.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const { origin, pathname } = new URL(request.url);
  const kept = await cache.match(origin + pathname === worker.registration.scope ? page : request, {
    ignoreSearch: true,
    ignoreVary: true,
  });
  return isolated(kept ?? (await fetchNow(request, cache)));
}

async function fetchNow(request: Request, cache: Cache): Promise<Response> {
  const response = await fetch(request);
  const { pathname } = new URL(request.url);
  if (response.ok && __LATER__.some((name) => pathname.endsWith(`/${name}`))) {
    // Where there is no room it is asked for again: a visitor whose storage is full exports the model by just these files.
    await cache.put(request, response.clone()).catch(() => {});
  }
  return response;
}

function isolated(response: Response): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(__HEADERS__)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
