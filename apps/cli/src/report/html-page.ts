import { createHash } from "node:crypto";

/** A page in one file that asks for nothing else. */
export interface HtmlPage {
  title: string;
  /** The program's version. */
  version: string;
  styles: string;
  /** Markup that goes into the body. */
  body: string;
  script?: string;
}

/** Lays a page out; its policy allows just this script and these styles, and no address at all. */
export function htmlPage({ title, version, styles, body, script }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(styles, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="charlstm ${escapeHtml(version)}">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${styles}</style>
</head>
<body>
${body}${script === undefined ? "" : `\n<script>${script}</script>`}
</body>
</html>
`;
}

function policy(styles: string, script: string | undefined): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${hash(script)}`]),
    `style-src ${hash(styles)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Code without the comment that leads to a file beside it. */
export function withoutSourceMap(code: string): string {
  return code.replace(/\/[/*]# sourceMappingURL=.*\s*$/, "");
}
