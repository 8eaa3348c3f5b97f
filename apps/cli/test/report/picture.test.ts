// A picture that can't be drawn, or never comes, is told of; what it belongs to succeeds.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { builtFile } from "../../src/files/built-file.js";
import { lossPng } from "../../src/report/loss-png.js";
import { writeRunReport } from "../../src/report/write-report.js";
import { finishedRun } from "../finished-run.js";
import { invoke } from "../invoke.js";

const runFolder = finishedRun();

function programThat(does: string): string {
  const path = join(temporaryFolder(), "draw.mjs");
  writeFileSync(path, does);
  return path;
}

/** Longer than a process takes to start on a busy machine, in milliseconds. */
const long = 60_000;

test.each([
  ["fails", 'throw new TypeError("no such font")', "TypeError: no such font", long],
  ["says nothing", "process.exit(3)", "its process ended with code 3", long],
  ["draws nothing", "", "its process ended with code 0", long],
  ["hangs", "setInterval(() => {}, 1000)", "it took more than 0.5 s", 500],
  ["loops, deaf to signals", 'process.on("SIGTERM", () => {}); for (;;);', "it took more than 0.5 s", 500],
])("a program that %s is told of, and the page is made without its picture", async (_, does, message, timeout) => {
  const folder = join(runFolder(), "run");
  rmSync(join(folder, "loss.png"));
  rmSync(join(folder, "report.html"));
  const { notes, page } = await writeRunReport(folder, { program: programThat(does), timeout });
  expect(notes).toEqual([`loss.png could not be drawn: ${message}`]);
  expect([existsSync(page), existsSync(join(folder, "loss.png"))]).toEqual([true, false]);
});

test("a loss is drawn twice as large as its SVG, in ink on white, with letters", async () => {
  const svg = readFileSync(join(runFolder(), "run", "loss.svg"), "utf8");
  const program = builtFile("draw-png.js");
  const png = await lossPng(svg, { program });
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1440, 880]);
  const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  expect([...rows.subarray(1, 5)]).toEqual([255, 255, 255, 255]);
  const without = await lossPng(svg.replaceAll(/<text.*?<\/text>/gs, ""), { program });
  expect(without.length).toBeLessThan(0.8 * png.length);
});

test("an abort ends a drawing at once, with its reason", async () => {
  const controller = new AbortController();
  const drawing = lossPng("<svg/>", { program: programThat("setInterval(() => {}, 1000)"), signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 100);
  await expect(drawing).rejects.toThrow("enough");
});

test("a training whose report can't be written has succeeded", async () => {
  const folder = runFolder();
  for (const name of ["loss.png", "loss.svg", "report.html"]) {
    rmSync(join(folder, "run", name));
    mkdirSync(join(folder, "run", name));
  }
  const { code, stderr } = await invoke(["train", "--resume", "run", "--epochs", "3"], { folder });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: there is no report: .*report\.html is a folder/m);
});
