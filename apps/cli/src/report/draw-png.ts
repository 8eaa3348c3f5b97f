// A process of its own: an SVG on stdin, the PNG on stdout. Drawing takes some 70 MB, which the process that trains should not hold.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { builtFile } from "../files/built-file.js";
import { encodePng } from "./encode-png.js";

/** Pixels of the picture for each of the plot's, as sharp screens show it. */
const zoom = 2;

// For one picture the optimizing compiler is at work three times as long as the drawing. A Node that knows no such flag ignores it.
for (const flag of ["--liftoff-only", "--wasm-lazy-compilation"]) setFlagsFromString(flag);
await initWasm(await readFile(createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm")));
const font = await readFile(builtFile("report-font.woff2"));
const renderer = new Resvg(await text(process.stdin), {
  font: { fontBuffers: [font], defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
  fitTo: { mode: "zoom", value: zoom },
});
const { pixels, width, height } = renderer.render();
// Node's zlib takes a third of the time of the encoder that comes with the renderer.
process.stdout.end(encodePng(pixels, width, height));
