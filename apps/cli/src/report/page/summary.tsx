import type { RunReport } from "../report-data.js";
import { bestEpoch, hasHeldOut, judged, meanSpeed, totalSeconds } from "./figures.js";
import { count, duration, lossText } from "./format.js";
import { ScrollBox } from "./scroll-box.js";

/** What came out: tiles for one run, a table for several. */
export function Summary({ runs }: { runs: readonly RunReport[] }) {
  return runs.length === 1 ? <Tiles run={runs[0]!} /> : <ComparisonTable runs={runs} />;
}

function Tiles({ run }: { run: RunReport }) {
  const best = bestEpoch(run);
  const loss = best ? judged(best) : null;
  const speed = meanSpeed(run);
  const beside = run.baselines?.baselines.map(({ name, loss }) => `${name} ${lossText(loss)}`).join(", ");
  return (
    <section class="card" aria-label="Results">
      <dl class="tiles">
        <Tile
          name={hasHeldOut(run) ? "held-out loss" : "training loss"}
          value={lossText(loss)}
          note={best ? `nats per character, the lowest: epoch ${count(best.epoch)}` : ""}
        />
        <Tile name="bits per character" value={lossText(loss, "bits")} note="loss / ln 2" />
        <Tile name="perplexity" value={loss === null ? "–" : Math.exp(loss).toFixed(2)} note="of one character" />
        <Tile name="epochs" value={count(run.epochs.length)} note={`${count(run.epochs.at(-1)!.step)} steps`} />
        <Tile name="time in updates" value={duration(totalSeconds(run))} note="without scoring and samples" />
        <Tile name="characters a second" value={speed ? count(speed) : "–"} note="read by the network" />
      </dl>
      {beside && (
        <p class="muted">
          The same {count(run.baselines!.heldOutCharacters)} held-out characters beside it, in nats per character:{" "}
          {beside}.
        </p>
      )}
    </section>
  );
}

function Tile({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <small>{note}</small>
      </dd>
    </div>
  );
}

const columns: readonly [string, (run: RunReport) => string][] = [
  ["lowest loss", (run) => `${hasHeldOut(run) ? "" : "training "}${lossText(judgedBest(run))}`],
  ["bits per character", (run) => lossText(judgedBest(run), "bits")],
  ["at epoch", (run) => count(bestEpoch(run)?.epoch ?? 0)],
  ["last training loss", (run) => lossText(run.epochs.at(-1)?.loss)],
  ["epochs", (run) => count(run.epochs.length)],
  ["steps", (run) => count(run.epochs.at(-1)?.step ?? 0)],
  ["time in updates", (run) => duration(totalSeconds(run))],
  ["characters a second", (run) => count(meanSpeed(run) ?? 0)],
  [
    "beside it",
    (run) => run.baselines?.baselines.map(({ name, loss }) => `${name} ${lossText(loss)}`).join("\n") ?? "–",
  ],
];

const judgedBest = (run: RunReport) => {
  const best = bestEpoch(run);
  return best && judged(best);
};

function ComparisonTable({ runs }: { runs: readonly RunReport[] }) {
  return (
    <section class="card">
      <h2>Results</h2>
      <ScrollBox label="Results">
        <table>
          <thead>
            <tr>
              <th scope="col">run</th>
              {columns.map(([name]) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map((run, index) => (
              <tr key={run.name}>
                <th scope="row">
                  <span class={`swatch run-${index % 8}`} /> {run.name}
                </th>
                {columns.map(([name, value]) => (
                  <td key={name}>{value(run)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
