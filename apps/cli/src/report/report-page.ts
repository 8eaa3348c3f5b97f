import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { builtFile } from "../files/built-file.js";
import type { ReportData } from "./report-data.js";

/** The whole page of a report: script, styles and data in one file that asks for nothing else. */
export async function reportPage(data: ReportData): Promise<string> {
  const [script, styles] = await Promise.all(
    ["report-page.js", "report-page.css"].map(async (name) =>
      withoutSourceMap(await readFile(builtFile(name), "utf8")),
    ),
  );
  const title = data.runs.map(({ name }) => name).join(", ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script!, styles!)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="charlstm ${escapeHtml(data.version)}">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)} · charlstm report</title>
<style>${styles}</style>
</head>
<body>
<noscript>This page draws with the script that it carries: allow scripts to see it.</noscript>
<div id="app"></div>
<script type="application/json" id="data">${jsonForHtml(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Without the comment that leads to a file beside it. */
function withoutSourceMap(code: string): string {
  return code.replace(/\/[/*]# sourceMappingURL=.*\s*$/, "");
}

/** Just this script and these styles, and no address at all. */
function policy(script: string, styles: string): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(styles)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** JSON in which nothing can end the element that it stands in, whatever a text holds. */
function jsonForHtml(data: ReportData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
