import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { reportPage } from "./report-page.js";

const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

test("the page's policy names its own script and styles, and lets nothing else run or be loaded", async () => {
  const page = await reportPage({ runs: [], version: "1" });
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
  const [, styles] = /<style>(.*?)<\/style>/s.exec(page)!;
  const [, script] = /<script>(.*?)<\/script>/s.exec(page)!;
  expect(script!.length).toBeGreaterThan(1000);
  expect(
    new Map(policy!.split("; ").map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1)])),
  ).toEqual(
    new Map([
      ["default-src", ["'none'"]],
      ["script-src", [sha256(script!)]],
      ["style-src", [sha256(styles!)]],
      ["img-src", ["data:"]],
      // What `default-src` does not stand in for.
      ["base-uri", ["'none'"]],
      ["form-action", ["'none'"]],
    ]),
  );
});
