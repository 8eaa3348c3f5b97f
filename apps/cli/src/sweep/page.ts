// sweep.html: what the trials came to, in one file without a script.
import { lineChart } from "@charlstm/look/line-chart";
import { marks } from "../files/marks.js";
import { writeOwnFile } from "../files/own-files.js";
import { escapeHtml, htmlPage } from "../report/html-page.js";
import { readMetrics } from "../report/read-metrics.js";
import { readSamples } from "../report/read-samples.js";
import { builtCode } from "../report/report-page.js";
import { runPaths } from "../run/folder.js";
import { versions } from "../versions.js";
import { type SweepRecord, sweepPaths, trialFolder, trialName } from "./folder.js";
import { parallelPlot } from "./parallel-plot.js";
import { bestOf, type Ranked } from "./ranking.js";
import { valuesText } from "./space.js";

/** What the page shows. */
export interface SweepPage {
  record: SweepRecord;
  ranked: readonly Ranked[];
  /** Of the texts. */
  names: readonly string[];
}

/** Trials whose losses are drawn, and texts whose best writes, at the most: a page of more is not read. */
const mostDrawn = 200;
const mostWriting = 20;

/** Draws a sweep's page into its folder. @returns Its path. */
export async function writeSweepPage(folder: string, sweep: SweepPage): Promise<string> {
  const { record, ranked, names } = sweep;
  const isHeldOut = ranked.some(({ result }) => result?.isHeldOut);
  const lossName = isHeldOut ? "held-out loss" : "training loss";
  const hasLoss = ranked.some(({ result }) => result?.loss != null);
  const sections = [
    card("Trials", `<div class="scroll" tabindex="0">${table(sweep, lossName)}</div>`),
    ...(hasLoss
      ? [
          card(
            "Settings and loss",
            `<p class="muted">A line is a trial, the thick one is the best; point at one to read it.</p><div class="scroll" tabindex="0">${parallelPlot(ranked, lossName)}</div>`,
          ),
          card(`The ${lossName} over the epochs`, await losses(folder, sweep, lossName)),
          ...(await samples(folder, sweep)),
        ]
      : []),
  ];
  const on = names.length === 1 ? names[0]! : `${names.length} texts`;
  const body = `<header class="bar"><h1>Sweep: ${record.trials.length} trials on ${escapeHtml(on)}</h1></header>
<main>
${sections.join("\n")}
</main>
<footer class="muted">charlstm ${escapeHtml(versions.charlstm!)}. Losses are in nats per character; the page needs no network and sends nothing.</footer>`;
  const styles = (await builtCode("report-page.css")) + ownStyles;
  const file = sweepPaths(folder).page;
  await writeOwnFile(
    file,
    htmlPage({ title: `${on} · charlstm sweep`, version: versions.charlstm!, styles, body }),
    marks.page,
  );
  return file;
}

const ownStyles = `
.parallel path { stroke: var(--edge); }
.parallel text { fill: var(--muted); font-size: 12px; }
.parallel .axis { text-anchor: middle; font-weight: 600; fill: var(--ink); }
.parallel .tick { text-anchor: end; }
.parallel polyline { fill: none; stroke: var(--muted); stroke-width: 1.5; opacity: 0.3; }
.parallel polyline.good { stroke: var(--cool); opacity: 0.7; }
.parallel polyline.best { stroke: var(--warm); stroke-width: 3; opacity: 1; }
.parallel polyline:hover { stroke-width: 4; opacity: 1; }
.chart svg { max-width: 100%; height: auto; }
`;

const card = (title: string, content: string) =>
  `<section class="card"><h2>${escapeHtml(title)}</h2>${content}</section>`;

function table({ ranked, names, record }: SweepPage, lossName: string): string {
  const columns = [
    ...(names.length > 1 ? ["text"] : []),
    lossName,
    "bits per character",
    "at epoch",
    "epochs",
    "settings",
  ];
  const rows = ranked.map(({ trial, result }) => {
    const { loss, best, epochs, error } = result ?? {};
    const cells = [
      ...(names.length > 1 ? [names[trial.text]!] : []),
      loss == null ? (error ? `failed: ${error.message}` : "–") : loss.toFixed(4),
      loss == null ? "–" : (loss / Math.LN2).toFixed(4),
      best === undefined ? "–" : String(best),
      `${epochs ?? 0} of ${trial.settings.epochs}`,
      valuesText(trial.values),
    ];
    return `<tr><th scope="row">${trialName(trial.id)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
  });
  const head = ["trial", ...columns].map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const caption = record.halving ? "<caption>Successive halving: those that lagged were stopped early.</caption>" : "";
  return `<table class="left">${caption}<thead><tr>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table>`;
}

async function losses(folder: string, { ranked }: SweepPage, lossName: string): Promise<string> {
  const drawn = ranked.filter(({ result }) => result?.loss != null).slice(0, mostDrawn);
  const curves = await Promise.all(
    drawn.map(async ({ trial }) => {
      const { epochs } = await readMetrics(runPaths(trialFolder(folder, trial.id)).metrics);
      return epochs.flatMap(({ epoch, loss, heldOutLoss }) => {
        const value = lossName === "held-out loss" ? heldOutLoss : loss;
        return value === null ? [] : [[epoch, value] as const];
      });
    }),
  );
  const best = new Set(bestOf(ranked).map(({ trial }) => trial.id));
  const series = drawn.map(({ trial }, index) => {
    const isBest = best.has(trial.id);
    const name = isBest && best.size <= 4 ? { name: `${trialName(trial.id)}, the best` } : {};
    return {
      ...name,
      color: isBest ? "#b4592b" : "#9db7d6",
      points: curves[index]!,
      hasDots: isBest || curves[index]!.length === 1,
    };
  });
  const last = Math.max(2, ...curves.flatMap((points) => points.map(([epoch]) => epoch)));
  const svg = lineChart({
    title: `${lossName} by epoch`,
    x: { name: "epoch", ends: [1, last], isWhole: true },
    // The best are drawn over the others.
    panels: [{ name: "nats per character", series: series.toReversed() }],
  });
  return `<div class="chart" role="img" aria-label="${escapeHtml(lossName)} of ${drawn.length} trials by epoch">${svg}</div>`;
}

/** What the best trial of each text wrote at its best epoch. */
async function samples(folder: string, { ranked, names }: SweepPage): Promise<string[]> {
  const cards: string[] = [];
  for (const { trial, result } of bestOf(ranked).slice(0, mostWriting)) {
    const written = (await readSamples(runPaths(trialFolder(folder, trial.id)).samples)).samples;
    const shown = written.find(({ epoch }) => epoch === result.best) ?? written.at(-1);
    if (!shown || shown.texts.length === 0) continue;
    const texts = shown.texts.map(
      ({ temperature, text }) =>
        `<article><h3>Temperature ${temperature}</h3><p class="text"><span class="prompt">${escapeHtml(shown.prompt)}</span>${escapeHtml(text)}</p></article>`,
    );
    const of = names.length > 1 ? ` of ${names[trial.text]}` : "";
    const title = `What the best${of} writes: ${trialName(trial.id)}, epoch ${shown.epoch}`;
    cards.push(card(title, `<div class="texts">${texts.join("")}</div>`));
  }
  return cards;
}
