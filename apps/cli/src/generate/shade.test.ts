import { expect, test } from "vitest";
import { ioIn } from "../../test/invoke.js";
import { shadeOf } from "./shade.js";

/** How a terminal of this kind is shaded. */
function shadeOn(env: Record<string, string>, isTTY = true) {
  const io = ioIn("/");
  return shadeOf({ ...io, stdout: Object.assign(io.stdout, { isTTY }), env });
}

const probabilities = [1, 0.5, 0.49, 0.2, 0.19, 0.08, 0.079, 0.02, 0.019, 0];

test.each([
  ["256 colours", { TERM: "xterm-256color" }, ["", "48;5;236", "48;5;94", "48;5;130", "48;5;124"]],
  ["16 colours", { TERM: "xterm" }, ["", "30;46", "30;43", "30;45", "37;41"]],
])("on a terminal of %s each step of probability has a ground of its own, the likely none", (_, env, grounds) => {
  const shade = shadeOn(env)!;
  probabilities.forEach((probability, index) => {
    const ground = grounds[Math.floor(index / 2)]!;
    const shaded = shade("x", probability);
    if (ground === "") expect(shaded).toBe("x");
    else expect(shaded).toMatch(new RegExp(`^\\u001b\\[[\\d;]*${ground}mx\\u001b\\[0m$`));
  });
  expect(shade("\n", 0)).toBe("\n");
});

test("nothing is shaded where there is no terminal, no colour, or none is wanted", () => {
  expect(shadeOn({ TERM: "xterm" }, false)).toBeUndefined();
  expect(shadeOn({ TERM: "xterm", NO_COLOR: "1" })).toBeUndefined();
  for (const TERM of ["dumb", "vt100", "vt220"]) expect(shadeOn({ TERM })).toBeUndefined();
});
