// The browsers that the tests have, for measuring in them.
import { fileURLToPath } from "node:url";
import { createServer, preview } from "vite";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Those that are on this machine. */
export async function installedBrowsers() {
  const loader = await createServer({
    ...{ root, configFile: false, logLevel: "error", server: { middlewareMode: true } },
    optimizeDeps: { noDiscovery: true },
  });
  const { installed } = await loader.ssrLoadModule("@charlstm/testing/browsers");
  await loader.close();
  return installed();
}

/** The built page on a server of its own. */
export async function servePage() {
  const server = await preview({ root, logLevel: "error", preview: { port: 0, host: "127.0.0.1" } });
  return { address: server.resolvedUrls.local[0], close: () => server.close() };
}

/** Waits until the body of a function gives something in the page. */
export async function waitFor(session, body, patience = 60_000) {
  for (const until = performance.now() + patience; performance.now() < until; ) {
    const value = await session.run(body);
    if (value !== null && value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing came of it in ${patience / 1000} s: ${body}`);
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
