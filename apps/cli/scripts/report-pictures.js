// Takes the pictures of a report that the READMEs show: trains on the novel that comes with the program, or takes runs that are
// there already (`pnpm --filter @charlstm/cli pictures runs/a runs/b`). After a build.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readNovel } from "@charlstm/novel";
import { chromium } from "playwright-core";

const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));
const pictures = fileURLToPath(new URL("../../../docs/pictures/", import.meta.url));
const executablePath = process.env.CHARLSTM_CHROMIUM ?? "/usr/bin/chromium";

const folder = mkdtempSync(join(tmpdir(), "charlstm-pictures-"));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const runs = process.argv.length > 2 ? process.argv.slice(2) : trainSome();
  charlstm("report", runs[0], "--out", "one.html");
  charlstm("report", ...runs, "--out", "several.html");
  await shoot("one.html", "report", { height: 1300 });
  await shoot("one.html", "report-dark", { height: 1300, colorScheme: "dark" });
  await shoot("several.html", "report-compared", { height: 760 });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** The beginning of the novel, learnt by two widths. */
function trainSome() {
  writeFileSync(join(folder, "moby.txt"), readNovel().slice(0, 250_000));
  for (const [units, epochs] of [
    [64, 12],
    [32, 8],
  ]) {
    const flags = ["--recipe", "gutenberg", "--units", units, "--epochs", epochs];
    charlstm("train", "moby.txt", ...flags, "--out", `moby-dick-${units}-units`);
  }
  return ["moby-dick-64-units", "moby-dick-32-units"];
}

function charlstm(...argv) {
  execFileSync(process.execPath, [bin, ...argv.map(String)], { cwd: folder, stdio: "inherit" });
}

async function shoot(page, name, { height, colorScheme = "light" }) {
  const context = await browser.newContext({ viewport: { width: 1200, height }, colorScheme });
  const opened = await context.newPage();
  await opened.goto(pathToFileURL(join(folder, page)).href);
  await opened.getByRole("img", { name: /^Loss by epoch/ }).waitFor();
  await opened.screenshot({ path: join(pictures, `${name}.png`) });
  await context.close();
}
