import { useState } from "preact/hooks";
import type { ReportData } from "../report-data.js";
import { EpochTable } from "./epoch-table.js";
import { Facts } from "./facts.js";
import { count } from "./format.js";
import { LossSection } from "./loss-section.js";
import { SamplesSection } from "./samples-section.js";
import { Summary } from "./summary.js";
import { ThemeSwitch, useTheme } from "./theme.js";

/** The page: what came out, the curves, the samples, and what it was all done with. */
export function App({ data: { runs, version } }: { data: ReportData }) {
  const [theme, setTheme] = useTheme();
  const last = Math.max(0, ...runs.flatMap(({ epochs }) => epochs.at(-1)?.epoch ?? 0));
  const lastWritten = Math.max(0, ...runs.flatMap(({ samples }) => samples.at(-1)?.epoch ?? 0));
  const [epoch, setEpoch] = useState(lastWritten || last);
  const notes = runs.flatMap(({ name, notes }) => notes.map((note) => (runs.length > 1 ? `${name}: ${note}` : note)));
  return (
    <>
      <header class="bar">
        <h1>{runs.length === 1 ? runs[0]!.name : `${count(runs.length)} runs compared`}</h1>
        <p class="muted">
          {runs.length === 1 ? whatTrained(runs[0]!.corpus) : runs.map(({ name }) => name).join(" · ")}
        </p>
        <ThemeSwitch theme={theme} onChange={setTheme} />
      </header>
      <main>
        {notes.length > 0 && (
          <ul class="notes" aria-label="What could not be read">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
        {last === 0 ? (
          <section class="card">
            <h2>No epoch has ended yet</h2>
            <p>
              There are no losses to draw before the first epoch ends. Draw this page again then, with the command{" "}
              <code>report</code>.
            </p>
          </section>
        ) : (
          <>
            <Summary runs={runs} />
            <LossSection runs={runs} theme={theme} epoch={epoch} onEpoch={setEpoch} />
          </>
        )}
        <SamplesSection runs={runs} epoch={epoch} onEpoch={setEpoch} />
        <Facts runs={runs} />
        {last > 0 && <EpochTable runs={runs} />}
      </main>
      <footer class="muted">
        charlstm {version}. Losses are in nats or bits per character; the page needs no network and sends nothing.
      </footer>
    </>
  );
}

function whatTrained(corpus: readonly (readonly [string, string])[]): string {
  const facts = new Map(corpus);
  return `${facts.get("title") ?? facts.get("book") ?? "a text"}, ${facts.get("characters") ?? "?"} characters`;
}
