// Does the engine train as fast in every browser as in Node? Steps of the preset `quick` on both WebAssembly builds, on one thread and on
// two, in Node and in each browser by turns: `node bench/engine-speed.js`, after a build of the packages.
import "./engine-steps.js";
import { cpus } from "node:os";
import { createServer } from "vite";
import { installedBrowsers, median, root, waitFor } from "./browsers.js";

const rounds = 5;
const steps = 40;
const builds = ["relaxed-simd", "simd"];

const isolating = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
const server = await createServer({
  ...{ root, configFile: false, logLevel: "error", optimizeDeps: { noDiscovery: true } },
  server: { port: 0, host: "127.0.0.1", headers: isolating, hmr: false },
  plugins: [{ name: "engine-page", configureServer: ({ middlewares }) => void middlewares.use("/engine", answer) }],
});
await server.listen();

const places = [{ version: `Node ${process.versions.node}`, time: (given) => globalThis.timeSteps(given) }];
const sessions = [];
for (const browser of await installedBrowsers()) {
  const session = await browser.start();
  sessions.push(session);
  await session.open(`${server.resolvedUrls.local[0]}engine`);
  await waitFor(session, "return typeof window.timeSteps");
  places.push({ version: `${browser.name} ${session.version}`, time: (given) => timeInPage(session, given) });
}

const speeds = new Map();
for (let round = 0; round < rounds; round++) {
  for (const build of builds) {
    for (const threads of [1, 2]) {
      for (const { version, time } of places) {
        const name = `${version} ${build} ${threads}`;
        const speed = await time({ build, threads, steps });
        speeds.set(name, [...(speeds.get(name) ?? []), speed]);
      }
    }
  }
}

console.log(`${cpus()[0].model} x ${cpus().length}; characters a second, median of ${rounds}, and its share of Node's`);
for (const build of builds) {
  for (const threads of [1, 2]) {
    const of = (version) => speeds.get(`${version} ${build} ${threads}`);
    const node = median(of(places[0].version));
    for (const { version } of places) {
      const all = of(version);
      const shown =
        typeof all[0] === "string" ? all[0] : `${Math.round(median(all))}  ${(median(all) / node).toFixed(2)}`;
      console.log(`${build.padEnd(13)} ${threads} ${version.padEnd(28)} ${shown}`);
    }
  }
}
for (const session of sessions) await session.close();
await server.close();

/** Its speed, or why it has none. */
async function timeInPage(session, given) {
  await session.run(
    "window.told = undefined; timeSteps(arguments[0]).then((speed) => (window.told = speed), (error) => (window.told = String(error)));",
    given,
  );
  return waitFor(session, "return window.told", 120_000);
}

function answer(_request, response) {
  response.writeHead(200, { ...isolating, "Content-Type": "text/html" });
  response.end('<!doctype html><script type="module" src="/bench/engine-steps.js"></script>');
}
