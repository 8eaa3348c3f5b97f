import { presets } from "@charlstm/training";
import { expect, test } from "vitest";
import { parallelPlot } from "./parallel-plot.js";
import type { Ranked } from "./ranking.js";
import type { Values } from "./space.js";

/** Trials of these values with these losses; a trial without one has failed. */
const trials = (...each: readonly (readonly [values: Values, loss?: number])[]): Ranked[] =>
  each.map(([values, loss], index) => ({
    trial: { id: index + 1, text: 0, values, settings: presets.quick },
    result: { trial: index + 1, epochs: 1, ...(loss === undefined ? { error: { message: "no" } } : { loss }) },
  }));

/** The plot as numbers: its lines from the hindmost, its axes with their labels at their heights. */
function read(svg: string) {
  const lines = [...svg.matchAll(/<polyline class="(\w+)" points="([^"]*)"><title>([^<]*)</g)].map(
    ([, kind, points, title]) => ({
      ...{ kind, title },
      points: points!.split(" ").map((point) => point.split(",").map(Number)),
    }),
  );
  const axes = [...svg.matchAll(/<path d="M(\d+) ([\d.]+)V([\d.]+)"\/><text x="\1"[^>]*>([^<]*)<\/text>(.*)/g)].map(
    ([, x, foot, top, name, labels]) => ({
      ...{ x: Number(x), foot: Number(foot), top: Number(top), name },
      ticks: [...labels!.matchAll(/y="([\d.]+)" class="tick">([^<]*)</g)].map(([, y, label]) => [Number(y) - 4, label]),
    }),
  );
  return { lines, axes, width: Number(/viewBox="0 0 (\d+)/.exec(svg)![1]) };
}

test("each trial is a line that meets an axis where its value is, the axes side by side within the picture", () => {
  const { lines, axes, width } = read(
    parallelPlot(
      trials(
        [{ units: [64], dropout: 0 }, 1],
        [{ units: [128], dropout: 0.2 }, 2],
        [{ units: [96], dropout: 0.4 }, 1.5],
      ),
      "held out",
    ),
  );
  expect(axes.map(({ name }) => name)).toEqual(["units", "dropout", "held out"]);
  const [first, second, third] = axes.map(({ x }) => x);
  expect(second! - first!).toBe(third! - second!);
  expect(first!).toBe(width - third!);
  const { foot, top } = axes[0]!;
  const middle = (foot + top) / 2;
  // The best in front, which is drawn last.
  expect(lines.map(({ title }) => title!.split(":")[0])).toEqual(["trial-02", "trial-03", "trial-01"]);
  expect(lines.map(({ points }) => points)).toEqual([
    [
      [first, top],
      [second, middle],
      [third, top],
    ],
    [
      [first, middle],
      [second, top],
      [third, middle],
    ],
    [
      [first, foot],
      [second, foot],
      [third, foot],
    ],
  ]);
  expect(lines[2]!.title).toBe("trial-01: held out 1.0000, units 64, dropout 0");
  expect(axes[2]!.ticks).toEqual([
    [foot, "1.000"],
    [(3 * foot + top) / 4, "1.250"],
    [middle, "1.500"],
    [(foot + 3 * top) / 4, "1.750"],
    [top, "2.000"],
  ]);
  expect(axes[0]!.ticks.map(([, label]) => label)).toEqual(["64", "80", "96", "112", "128"]);
});

test("rates and what spans a factor of eight stand by their logarithms, what begins at 0 does not", () => {
  const { lines, axes } = read(
    parallelPlot(
      trials(
        [{ learningRate: 0.001, batch: 4, window: 10, clipNorm: 0 }, 1],
        [{ learningRate: 0.002, batch: 8, window: 40, clipNorm: 10 }, 2],
        [{ learningRate: 0.004, batch: 32, window: 70, clipNorm: 100 }, 3],
      ),
      "loss",
    ),
  );
  const { foot, top } = axes[0]!;
  const share = (height: number) => (foot - height) / (foot - top);
  const second = lines[1]!.points.map(([, y]) => share(y!));
  const expected = { "learning rate": 1 / 2, batch: 1 / 3, window: 1 / 2, "clip norm": 0.1, loss: 1 / 2 };
  expect(axes.map(({ name }) => name)).toEqual(Object.keys(expected));
  expect(second).toEqual(Object.values(expected).map((value) => expect.closeTo(value, 3)));
  expect(axes[0]!.ticks.map(([, label]) => label)).toEqual(["0.001", "0.00141", "0.002", "0.00283", "0.004"]);
  expect(axes[1]!.ticks.at(-1)![1]).toBe("32");
});

test("words and layers stand in turn from the foot to the top, one alone in the middle", () => {
  const { lines, axes } = read(
    parallelPlot(
      trials(
        [{ optimizer: "adam", units: [64] }, 1],
        [{ optimizer: "sgd", units: [64, 32] }, 2],
        [{ optimizer: "rmsprop", units: [64] }, 3],
        [{ optimizer: "adamw", units: [128] }],
      ),
      "loss",
    ),
  );
  const { foot, top } = axes[0]!;
  const middle = (foot + top) / 2;
  expect(axes[0]!.ticks).toEqual([
    [foot, "adam"],
    [middle, "sgd"],
    [top, "rmsprop"],
  ]);
  expect(axes[1]!.ticks).toEqual([
    [foot, "64"],
    [top, "64+32"],
  ]);
  // The one that failed has no line.
  expect(lines.map(({ points }) => points[1]![1])).toEqual([foot, top, foot]);
  const alone = read(parallelPlot(trials([{ optimizer: "adam" }, 1], [{ optimizer: "sgd" }]), "loss"));
  expect(alone.axes.map(({ ticks }) => ticks)).toEqual([[[middle, "adam"]], [[middle, "1.000"]]]);
  expect(alone.lines[0]!.points.map(([, y]) => y)).toEqual([middle, middle]);
});

test("the best line is marked, and of the others the first quarter; of two of one loss the first trial is in front", () => {
  const losses = [5, 1, 3, 2, 9, 8, 7, 2];
  const each = losses.map((loss, index) => [{ batch: index + 1 }, loss] as const);
  const { lines } = read(parallelPlot(trials(...each), "loss"));
  expect(lines.map(({ kind }) => kind)).toEqual([...new Array(6).fill("rest"), "good", "best"]);
  expect(lines.toReversed().map(({ title }) => Number(/\d+/.exec(title!)))).toEqual([2, 4, 8, 3, 1, 7, 6, 5]);
});

test("who hears the picture is told how many trials it has, and its axes", () => {
  const svg = parallelPlot(trials([{ batch: 1 }, 1], [{ batch: 2 }, 2], [{ batch: 3 }]), "held out");
  expect(svg).toContain('aria-label="Parallel coordinates of 2 trials: batch, held out"');
});

test("a plot without a trial that has a loss has axes and no line, and what it says is escaped", () => {
  const { lines, width } = read(parallelPlot(trials([{}]), "loss"));
  expect(lines).toEqual([]);
  expect(width).toBeGreaterThan(0);
  const svg = parallelPlot(trials([{}, 1]), 'a "<b>"');
  expect(svg).not.toContain("<b>");
  expect(svg).toMatch(/aria-label="Parallel coordinates of 1 trials: a &quot;&lt;b&gt;&quot;"/);
});
