import type { buildConnector, Dispatcher } from "undici";
import { CorpusError } from "../errors.js";
import { AttemptError } from "../fetch/attempt.js";
import { isWebAddress } from "../fetch/book-name.js";
import { innermost, networkFailure } from "../fetch/network-failure.js";
import type { Network } from "./platform.js";

// Name, connection and TLS together. With four hosts to ask, a firewall that swallows packets costs less than 20 s.
const CONNECT_TIMEOUT = 4_000;

/**
 * The same network on every Node: undici's `fetch` with a limit for connecting, which Node's own does not take, by the proxies
 * that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name, in capitals or not.
 *
 * Imported when something is fetched, and only then.
 *
 * @throws {CorpusError} `DOWNLOAD_FAILED` when a proxy's name is no address.
 */
export async function openNodeNetwork(): Promise<Network> {
  const httpProxy = proxyNamedBy("http_proxy");
  const httpsProxy = proxyNamedBy("https_proxy") || httpProxy;
  const { EnvHttpProxyAgent, Pool, fetch } = await import("undici");
  const connect = { timeout: CONNECT_TIMEOUT };
  const dispatcher = new EnvHttpProxyAgent({
    ...{ connect, proxyTls: connect, requestTls: connect },
    ...{ httpProxy, httpsProxy },
    proxyTunnel: false, // for http, as most proxies let through to port 443 only
    clientFactory: (origin, options) => {
      const pool = new Pool(origin, withProxyFailures(origin, options));
      const openTunnel = pool.connect.bind(pool) as (to: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;
      return Object.assign(pool, {
        connect: (to: Dispatcher.ConnectOptions) =>
          openTunnel(to).catch((error) => Promise.reject(ofProxy(origin, error))),
      });
    },
    factory: (origin, options) =>
      new Pool(origin, isProxy(origin) ? withProxyFailures(new URL(origin), options) : options),
  });
  const isProxy = (origin: string | URL) =>
    [httpProxy, httpsProxy].some((proxy) => proxy !== "" && new URL(proxy).origin === new URL(origin).origin);

  return {
    fetch: (async (input: string, init: RequestInit) => {
      try {
        return await fetch(input, { ...(init as object), dispatcher });
      } catch (error) {
        throw proxyRefusal(error, input.startsWith("https:") ? httpsProxy : httpProxy) ?? error;
      }
    }) as unknown as typeof globalThis.fetch,
    close: () => dispatcher.destroy(),
  };
}

/** The address of a proxy in the environment, or `""`. `proxy.example:3128` is one, as for other programs. */
function proxyNamedBy(variable: string): string {
  const named = (process.env[variable] ?? process.env[variable.toUpperCase()] ?? "").trim();
  if (named === "") return "";
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(named) ? named : `http://${named}`;
  if (isWebAddress(address)) return address;
  const name = variable.toUpperCase();
  throw new CorpusError(
    "DOWNLOAD_FAILED",
    `${name} names no proxy that can be used, expected an address like http://proxy.example:3128: correct or unset it`,
    { variable: name },
  );
}

type Connector = buildConnector.connector;

/** Whatever fails on the way to a proxy is the proxy's failure, whichever host it was asked for. */
function withProxyFailures(proxy: URL, options: object): object {
  const { connect } = options as { connect: Connector };
  const connectProxy: Connector = (to, callback) =>
    connect(to, (...outcome) => {
      const [error, socket] = outcome;
      if (error) callback(ofProxy(proxy, error), null);
      else callback(null, socket as NonNullable<typeof socket>);
    });
  return { ...options, connect: connectProxy };
}

function ofProxy(proxy: URL, cause: Error): AttemptError {
  if (cause instanceof AttemptError) return cause;
  const reason = `cannot be reached: the proxy ${proxy.host} ${networkFailure(cause, false).message}`;
  return new AttemptError("proxy", reason, { down: "network", cause });
}

/** What a proxy answers instead of letting a request through; it says so in words only. */
function proxyRefusal(error: unknown, proxy: string): AttemptError | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) if (inner instanceof AttemptError) return inner;
  const status = /^Proxy response \((\d+)\)|^Proxy Authentication Required \((407)\)/.exec(innermost(error).said);
  if (!status) return undefined;
  const code = Number(status[1] ?? status[2]);
  const name = `the proxy ${new URL(proxy).host}`;
  if (code === 407) {
    const reason = `${name} wants a user and password (407): http://user:password@… in HTTPS_PROXY names them`;
    return new AttemptError("proxy", `cannot be reached: ${reason}`, { down: "network", cause: error });
  }
  // A gateway's errors are about this host; a refusal is a rule, and asking for more would not change it.
  const down = code >= 500 ? "host" : "network";
  return new AttemptError("proxy", `cannot be reached: ${name} refuses (${code})`, { down, cause: error });
}
