import type { GivenFile } from "./import-model.js";

/** Bytes of a model at the most: larger ones have no room in a page. */
const mostBytes = 256e6;
/** Milliseconds without a byte after which an answer is given up, and for the whole of it. */
const patience = 20_000;
const longest = 180_000;

/** Files that hold a whole model; of weights alone the address would not say what they belong to. */
const endings = /\.(charlstm|h5|keras|safetensors|zip)$/i;

/**
 * Fetches a model from an address that a link names. Nothing is sent but the request: no cookie and no referrer.
 *
 * @param address Relative to the page, or of a host that lets other pages read its files (CORS).
 * @throws {Error} With a sentence for the visitor: no address of a model, not reachable, redirected, a page, too large or too slow.
 */
export async function fetchModel(
  address: string,
  page: string,
  limits = { mostBytes, patience, longest },
): Promise<GivenFile> {
  const url = parse(address, page);
  const name = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf("/") + 1));
  if (!/^https?:$/.test(url.protocol) || !endings.test(name)) {
    throw new Error(
      `The link’s model address ${url.href} can’t be used: one that begins with https:// and ends in .charlstm, .h5, .keras, ` +
        ".safetensors or .zip is needed.",
    );
  }
  const abort = new AbortController();
  const giveUp = (after: number) =>
    setTimeout(
      () =>
        abort.abort(
          new Error(`The model at ${url.host} comes too slowly and was given up: save the file, and import it.`),
        ),
      after,
    );
  const timers = [giveUp(limits.longest), giveUp(limits.patience)];
  const begunAnew = () => {
    clearTimeout(timers.pop());
    timers.push(giveUp(limits.patience));
  };
  try {
    const response = await fetch(url, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "manual",
      signal: abort.signal,
    });
    check(response, url, limits.mostBytes);
    return { name, bytes: await read(response, url, limits.mostBytes, begunAnew) };
  } catch (error) {
    abort.signal.throwIfAborted();
    if (!(error instanceof TypeError)) throw error;
    const others = `, or ${url.host} does not let other pages read it (it sends no Access-Control-Allow-Origin)`;
    throw new Error(`The model at ${url.href} could not be fetched: there is no network${others}.`, { cause: error });
  } finally {
    for (const timer of timers) clearTimeout(timer);
    abort.abort();
  }
}

function parse(address: string, page: string): URL {
  try {
    return new URL(address, page);
  } catch (cause) {
    throw new Error(`The link’s model address “${address}” is no address.`, { cause });
  }
}

function check(response: Response, url: URL, most: number): void {
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400))
    throw new Error(`The model’s address ${url.href} leads on to another one: name that one in the link.`);
  if (!response.ok)
    throw new Error(`The model at ${url.href} could not be fetched: its host answers ${response.status}.`);
  if (/^text\/html/i.test(response.headers.get("content-type") ?? ""))
    throw new Error(`At ${url.href} there is a web page, no model: name the address of the file itself.`);
  if (Number(response.headers.get("content-length")) > most) throw tooLarge(url, most);
}

async function read(
  response: Response,
  url: URL,
  most: number,
  begunAnew: () => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    begunAnew();
    size += value.length;
    if (size > most) throw tooLarge(url, most);
    parts.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const tooLarge = (url: URL, most: number) =>
  new Error(
    `The model at ${url.href} is larger than ${most / 1e6} MB, the most that is fetched for a link: save the file, and import it.`,
  );
