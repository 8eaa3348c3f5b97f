import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { ownFile } from "../own-file.js";

/** Pixels of the picture for each of the plot's, as sharp screens show it. */
const zoom = 2;

/** Loaded once a process. */
let ready: Promise<void> | undefined;

/** Draws an SVG as PNG, with the one typeface that comes with the program: what the machine has installed plays no part. */
export async function lossPng(svg: string): Promise<Buffer> {
  ready ??= loadRenderer();
  await ready;
  const font = await readFile(ownFile("report-font.woff2"));
  const renderer = new Resvg(svg, {
    font: { fontBuffers: [font], defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
    fitTo: { mode: "zoom", value: zoom },
  });
  try {
    const image = renderer.render();
    const png = Buffer.from(image.asPng());
    image.free();
    return png;
  } finally {
    renderer.free();
  }
}

async function loadRenderer(): Promise<void> {
  await initWasm(await readFile(createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm")));
}
