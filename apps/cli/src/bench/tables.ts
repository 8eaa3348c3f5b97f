// The tables that people read.
import type { Best, Comparison, Row } from "./compare.js";
import type { Footprint } from "./footprint.js";
import { type Paper, paperThreads } from "./on-paper.js";
import type { Profile } from "./profile.js";
import { nameOf } from "./rival.js";
import type { ScalingRow } from "./scaling.js";
import { isStep, type Work } from "./works.js";

export function comparisonTable(work: Work, { rows, agreement, profile, best }: Comparison): string {
  const table = [
    ["", "threads", "median ms", "± ms", "fastest", "of", "char/s", "to engine", "of peak"],
    ...rows.map((row) => [
      nameOf(row),
      String(row.threads),
      figure(row.medianMs),
      figure(row.spreadMs),
      figure(row.fastestMs),
      String(row.samples),
      Math.round(row.charactersPerSecond).toLocaleString("en"),
      `${ratio(row.ratio)}x`,
      row.shareOfPeak === undefined ? "" : percent(row.shareOfPeak),
    ]),
  ];
  return [
    describe(work),
    align(table, 30),
    agreementLine(agreement),
    ...threadsLines(rows),
    ...best.map(bestLine),
    ...(profile ? ["", profileReport(profile)] : []),
    "",
  ].join("\n");
}

function describe(work: Work): string {
  const { vocabularySize, units, dropout } = work.architecture;
  const shape = isStep(work) ? `N = ${work.rows}, T = ${work.length}` : `${work.count} at a time`;
  const recipe = isStep(work)
    ? [
        work.optimizer.name,
        dropout > 0 && `dropout ${dropout}`,
        work.clipNorm > 0 && `norms clipped at ${work.clipNorm}`,
      ]
    : [];
  return [`${work.name}: ${shape}`, `H = ${units}`, `V = ${vocabularySize}`, ...recipe.filter(Boolean)].join(", ");
}

function agreementLine(agreement: Comparison["agreement"]): string {
  if (agreement.length === 0) return "alone, so with nobody to agree with";
  const largest = new Map<string, number>();
  for (const { result, difference } of agreement) {
    largest.set(result, Math.max(largest.get(result) ?? 0, difference));
  }
  const parts = [...largest].map(([result, difference]) => `${result} within ${difference.toExponential(0)}`);
  return `all agree before they are timed: ${parts.join(", ")}`;
}

/** What more threads gain, build by build. */
function threadsLines(rows: readonly Row[]): string[] {
  return rows
    .filter(({ build, threads }) => build && threads > 1)
    .map(({ build, threads, medianMs }) => {
      const one = rows.find((row) => row.build === build && row.threads === 1);
      return `${build}: ${threads} threads are ${ratio(one!.medianMs / medianMs)}x one`;
    });
}

function bestLine({ build, threads, medianMs, rival, rivalThreads, rivalMs, times }: Best): string {
  return (
    `${build} at its best, ${figure(medianMs)} ms on ${count(threads)}, is ${ratio(times)}x as fast as ` +
    `${rival} at its best, ${figure(rivalMs)} ms on ${count(rivalThreads)}`
  );
}

const count = (threads: number) => (threads === 1 ? "1 thread" : `${threads} threads`);

function profileReport({ kernels, stages }: Profile): string {
  const products = kernels.map(({ build, peak, products }) => {
    const parts = products.map(
      ({ name, gigaflops, shareOfPeak }) => `${name} ${figure(gigaflops)} (${percent(shareOfPeak)})`,
    );
    return `${build}: peak ${figure(peak)} GFLOP/s a thread; products ${parts.join(", ")}`;
  });
  const times = stages.map(({ stage, ms, share }) => [stage, `${figure(ms)} ms`, percent(share)]);
  return [...products, "where one thread's time goes:", align(times, 38)].join("\n");
}

export function scalingTable(rows: readonly ScalingRow[]): string {
  const table = [
    ["", "N", "T", "H", "median ms", "± ms", "ps per N T 4H(H + V)", "GFLOP/s"],
    ...rows.map(({ varied, rows, length, units, medianMs, spreadMs, picosecondsPerWeight, gigaflops }) => [
      varied,
      ...[rows, length, units].map(String),
      ...[medianMs, spreadMs, picosecondsPerWeight, gigaflops].map(figure),
    ]),
  ];
  return `time of a step against its size\n${align(table, 8)}\n`;
}

export function paperTable({ build, barrierNs, costs, rows }: Paper): string {
  const table = [
    ["", ...paperThreads.map(count), "measured on 2", ...paperThreads.slice(2).map((threads) => `gain of ${threads}`)],
    ...rows.map(({ work, milliseconds, measuredMs }) => [
      work,
      ...milliseconds.map((ms) => `${figure(ms)} ms`),
      `${figure(measuredMs)} ms`,
      ...milliseconds.slice(2).map((ms) => `${ratio(milliseconds[0]! / ms)}x`),
    ]),
  ];
  const sharing = costs.map(
    ({ work, updateMs, sharedUpdateMs }) =>
      `${work}: update ${figure(updateMs)} ms on one thread, ${figure(sharedUpdateMs)} ms on two`,
  );
  return [
    `steps by threads on paper, ${build}; a barrier between two takes ${figure(barrierNs)} ns`,
    ...sharing,
    `${align(table, 15)}\n`,
  ].join("\n");
}

export function footprintTable(footprint: Footprint): string {
  const { peakMemoryBytes, trainingSteps, trainingText, gzippedBytes, gzippedFiles, importMs, readyMs } = footprint;
  return [
    `train --preset notebook, ${trainingSteps} steps on ${trainingText}: ${figure(peakMemoryBytes / 1e6)} MB at most`,
    `engine: ${gzippedFiles.join(" + ")}: ${figure(gzippedBytes / 1e3)} kB gzipped`,
    `engine ready in ${figure(readyMs)} ms, after an import of ${figure(importMs)} ms`,
    "",
  ].join("\n");
}

/** The first column to the left, the others to the right. */
function align(rows: readonly string[][], first: number): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      ([name, ...cells]) =>
        `${name!.padEnd(first)}${cells.map((cell, at) => cell.padStart(widths[at + 1]! + 2)).join("")}`,
    )
    .map((line) => line.trimEnd())
    .join("\n");
}

function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}

const ratio = (value: number) => (value >= 100 ? String(Math.round(value)) : value.toFixed(2));
const percent = (share: number) => `${Math.round(100 * share)} %`;
