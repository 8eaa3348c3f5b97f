import type { Fact, RunReport } from "../report-data.js";
import { ScrollBox } from "./scroll-box.js";

const parts = [
  ["Settings", "settings"],
  ["Text", "corpus"],
  ["Where it ran", "machine"],
] as const;

/** Settings, text and machine of every run; what differs between runs stands out. */
export function Facts({ runs }: { runs: readonly RunReport[] }) {
  return (
    <div class={runs.length > 1 ? "facts wide" : "facts"}>
      {parts.map(([title, key]) => (
        <FactTable key={key} title={title} runs={runs} factsOf={(run) => run[key]} />
      ))}
    </div>
  );
}

interface FactTableProps {
  title: string;
  runs: readonly RunReport[];
  factsOf(run: RunReport): readonly Fact[];
}

function FactTable({ title, runs, factsOf }: FactTableProps) {
  const values = runs.map((run) => new Map(factsOf(run)));
  const names = [...new Set(values.flatMap((facts) => [...facts.keys()]))];
  if (names.length === 0) return null;
  return (
    <section class="card">
      <h2>{title}</h2>
      <ScrollBox label={title}>
        <table class="left">
          {runs.length > 1 && (
            <thead>
              <tr>
                <td />
                {runs.map(({ name }, index) => (
                  <th key={name} scope="col">
                    <span class={`swatch run-${index % 8}`} /> {name}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {names.map((name) => {
              const row = values.map((facts) => facts.get(name) ?? "–");
              const differs = row.some((value) => value !== row[0]);
              return (
                <tr key={name} class={differs ? "differs" : ""}>
                  <th scope="row">{name}</th>
                  {row.map((value, index) => (
                    <td key={runs[index]!.name}>{value}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
