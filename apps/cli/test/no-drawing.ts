// Of runs in this process the pictures are one white pixel: drawing them would take a third of a second each, more than the
// training. The built program draws as ever, and so does who names what draws: test/report/picture.test.ts.
import { vi } from "vitest";
import { encodePng } from "../src/report/encode-png.js";
import type { PictureOptions } from "../src/report/loss-png.js";

vi.mock("../src/report/loss-png.js", async (original) => {
  const { lossPng } = await original<typeof import("../src/report/loss-png.js")>();
  const pixel = encodePng(Uint8Array.of(255, 255, 255, 255), 1, 1);
  return {
    lossPng: async (svg: string, options: PictureOptions = {}) => {
      options.signal?.throwIfAborted();
      return options.program === undefined ? pixel : lossPng(svg, options);
    },
  };
});
