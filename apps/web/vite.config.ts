import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin, type Rollup, transformWithEsbuild } from "vite";
import { contentSecurityPolicy } from "./content-security-policy";
import type { BundledText } from "./src/logic/bundled-texts";
import { readBundledText } from "./texts/index";

/** What a host should send with every file: the first two give the engine its threads. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};
const strictHeaders = { ...headers, "Content-Security-Policy": `${contentSecurityPolicy}; frame-ancestors 'none'` };

export default defineConfig({
  base: "./",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: { target: "es2022", sourcemap: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  worker: {
    format: "es",
    rollupOptions: {
      output: {
        // Vite makes these paths as if workers were not in assets/.
        sourcemapPathTransform: (source) => `../${source}`,
        manualChunks: besideEntry,
      },
    },
  },
  server: { headers },
  preview: { headers: strictHeaders },
  plugins: [texts(), readyMade(), securityPolicy(), hostHeaders(), serviceWorker()],
});

/**
 * Puts what a worker always loads into a chunk beside it, and the worker's first module alone into the other: chunks that come later
 * would import from it, and WebKit (2.50) then runs that module once more, so that everything is answered twice.
 */
function besideEntry(id: string, { getModuleIds, getModuleInfo }: Rollup.ManualChunkMeta): string | undefined {
  // What reads and writes model files has a name to know it by: nobody else fetches it.
  if (id.includes("/packages/formats/")) return "formats";
  const modules = [...getModuleIds()];
  if (!modules.some((one) => getModuleInfo(one)?.dynamicallyImportedIds.length)) return undefined;
  const entries = modules.filter((one) => getModuleInfo(one)?.isEntry);
  const always = new Set(entries);
  for (const one of always) for (const imported of getModuleInfo(one)?.importedIds ?? []) always.add(imported);
  return always.has(id) && !entries.includes(id) ? "shared" : undefined;
}

/** The page's own texts as `texts/<id>.bin`: gzip under a name that no server unpacks by itself. */
function texts(): Plugin {
  const ids = Object.keys(readBundledText) as BundledText[];
  const pack = (id: BundledText) => gzipSync(readBundledText[id](), { level: 9 });
  return {
    name: "texts",
    configureServer(server) {
      for (const id of ids) {
        server.middlewares.use(`/texts/${id}.bin`, (_request, response) => response.end(pack(id)));
      }
    },
    generateBundle() {
      for (const id of ids) this.emitFile({ type: "asset", fileName: `texts/${id}.bin`, source: pack(id) });
    },
  };
}

/** What comes ready-made: the model's files and the record of its run, as they are in `ready/`. */
function readyMade(): Plugin {
  const folder = new URL("ready/", import.meta.url);
  const names = ["run.json", ...readdirSync(new URL("model", folder)).map((name) => `model/${name}`)];
  return {
    name: "ready-made",
    configureServer(server) {
      for (const name of names) {
        server.middlewares.use(`/ready/${name}`, (_request, response) =>
          response.end(readFileSync(new URL(name, folder))),
        );
      }
    },
    generateBundle() {
      for (const name of names) {
        this.emitFile({ type: "asset", fileName: `ready/${name}`, source: readFileSync(new URL(name, folder)) });
      }
    },
  };
}

/** Writes the policy into the page, so that it holds on hosts that send no headers; not in dev, where Vite injects styles. */
function securityPolicy(): Plugin {
  return {
    name: "security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
        injectTo: "head-prepend",
      },
    ],
  };
}

/** The headers in the `_headers` file that several static hosts read, and as nginx has them. */
function hostHeaders(): Plugin {
  return {
    name: "host-headers",
    apply: "build",
    generateBundle() {
      const lines = Object.entries(strictHeaders).map(([name, value]) => `  ${name}: ${value}`);
      this.emitFile({ type: "asset", fileName: "_headers", source: ["/*", ...lines, ""].join("\n") });
      const directives = Object.entries(strictHeaders).map(([name, value]) => `add_header ${name} "${value}" always;`);
      this.emitFile({ type: "asset", fileName: "nginx.conf", source: [...directives, ""].join("\n") });
    },
  };
}

/** Builds `src/service-worker.ts` with the list of the files that it keeps and a version that changes with them. */
function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    enforce: "post",
    async generateBundle(_options, bundle) {
      const built = Object.entries(bundle).filter(([name]) => !/\.map$|^_headers$|^nginx\.conf$/.test(name));
      const version = createHash("sha256");
      for (const [name, file] of built) version.update(name).update(file.type === "chunk" ? file.code : file.source);
      // Pictures that the page itself never shows.
      const files = readdirSync(new URL("public", import.meta.url)).filter((name) => !name.endsWith(".png"));
      const isLater = (name: string) =>
        /^(texts\/(?!novel)|assets\/(formats|(ex|im)port-model|fetch-model)-)/.test(name);
      const names = built.map(([name]) => name);
      const source = readFileSync(new URL("src/service-worker.ts", import.meta.url), "utf8");
      const { code, map } = await transformWithEsbuild(source, "../src/service-worker.ts", {
        target: "es2022",
        define: {
          __FILES__: JSON.stringify([...names.filter((name) => !isLater(name)), ...files]),
          __LATER__: JSON.stringify(names.filter(isLater)),
          __VERSION__: JSON.stringify(version.digest("hex").slice(0, 16)),
          __HEADERS__: JSON.stringify(strictHeaders),
        },
      });
      this.emitFile({ type: "asset", fileName: "service-worker.js", source: code });
      this.emitFile({ type: "asset", fileName: "service-worker.js.map", source: JSON.stringify(map) });
    },
  };
}
