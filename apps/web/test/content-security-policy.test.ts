import { expect, test } from "vitest";
import { contentSecurityPolicy } from "../content-security-policy";

test("the page may load from its own folder alone, and runs no inline code and no inline styles", () => {
  const allowed = new Map(
    contentSecurityPolicy.split("; ").map((directive) => {
      const [name, ...sources] = directive.split(" ");
      return [name!, sources] as const;
    }),
  );
  expect(allowed.get("default-src")).toEqual(["'none'"]);
  // What `default-src` does not stand in for.
  for (const name of ["base-uri", "form-action"]) expect(allowed.get(name)).toEqual(["'none'"]);
  const sources = new Map([
    ["script-src", ["'self'", "'wasm-unsafe-eval'"]],
    ["img-src", ["'self'", "data:"]],
    // A model that a link names.
    ["connect-src", ["'self'", "https:"]],
  ]);
  for (const [name, given] of allowed) {
    if (given[0] !== "'none'") expect([name, given]).toEqual([name, sources.get(name) ?? ["'self'"]]);
  }
});
