import { useState } from "preact/hooks";
import type { RunReport } from "../report-data.js";
import { hasHeldOut } from "./figures.js";
import { count, lossText } from "./format.js";
import { ScrollBox } from "./scroll-box.js";

/** The figures of every epoch as a table, made when it is opened. */
export function EpochTable({ runs }: { runs: readonly RunReport[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>The figures of every epoch</h2>
      </summary>
      {isOpen && runs.map((run) => <Table key={run.name} run={run} />)}
    </details>
  );
}

function Table({ run }: { run: RunReport }) {
  const isHeldOut = hasHeldOut(run);
  return (
    <ScrollBox label={`Epochs of ${run.name}`} isTall>
      <table>
        <caption>{run.name}</caption>
        <thead>
          <tr>
            <th scope="col">epoch</th>
            <th scope="col">steps</th>
            <th scope="col">loss</th>
            {isHeldOut && <th scope="col">held-out loss</th>}
            <th scope="col">learning rate</th>
            <th scope="col">characters/s</th>
            <th scope="col">seconds</th>
          </tr>
        </thead>
        <tbody>
          {run.epochs.map(({ epoch, step, loss, heldOutLoss, learningRate, charactersPerSecond, seconds }) => (
            <tr key={epoch}>
              <th scope="row">{count(epoch)}</th>
              <td>{count(step)}</td>
              <td>{lossText(loss)}</td>
              {isHeldOut && <td>{lossText(heldOutLoss)}</td>}
              <td>{learningRate?.toPrecision(3) ?? "–"}</td>
              <td>{charactersPerSecond === null ? "–" : count(charactersPerSecond)}</td>
              <td>{seconds.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
