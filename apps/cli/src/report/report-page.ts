import { readFile } from "node:fs/promises";
import { builtFile } from "../files/built-file.js";
import { htmlPage, withoutSourceMap } from "./html-page.js";
import type { ReportData } from "./report-data.js";

/** The whole page of a report: script, styles and data in one file. */
export async function reportPage(data: ReportData): Promise<string> {
  const [script, styles] = await Promise.all(["report-page.js", "report-page.css"].map(builtCode));
  const names = data.runs.map(({ name }) => name).join(", ");
  return htmlPage({
    ...{ title: `${names} · charlstm report`, version: data.version, styles: styles!, script: script! },
    body: `<noscript>This page draws with the script that it carries: allow scripts to see it.</noscript>
<div id="app"></div>
<script type="application/json" id="data">${jsonForHtml(data)}</script>`,
  });
}

/** A script or styles that the build made. */
export async function builtCode(name: string): Promise<string> {
  return withoutSourceMap(await readFile(builtFile(name), "utf8"));
}

/** JSON in which nothing can end the element that it stands in, whatever a text holds. */
function jsonForHtml(data: ReportData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
