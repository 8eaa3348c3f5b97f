import { useEffect, useRef, useState } from "preact/hooks";
import type { RunReport } from "../report-data.js";
import { count } from "./format.js";
import { ScrollBox } from "./scroll-box.js";

/** Rows that are made at a time; more when the reader comes near their end. */
const rowsAtOnce = 20;

/** Every epoch of one run under each other, a column a temperature. */
export function SampleGrid({ runs, onOpen }: { runs: readonly RunReport[]; onOpen(epoch: number): void }) {
  const [chosen, setChosen] = useState(0);
  const run = runs[chosen]!;
  return (
    <>
      {runs.length > 1 && (
        <div class="controls">
          <label>
            Run{" "}
            <select value={chosen} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
              {runs.map(({ name }, index) => (
                <option key={name} value={index}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      <Rows key={run.name} run={run} onOpen={onOpen} />
    </>
  );
}

function Rows({ run: { name, samples }, onOpen }: { run: RunReport; onOpen(epoch: number): void }) {
  const [made, setMade] = useState(rowsAtOnce);
  const box = useRef<HTMLElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const temperatures = [...new Set(samples.flatMap(({ texts }) => texts.map(({ temperature }) => temperature)))].sort(
    (a, b) => a - b,
  );
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setMade((before) => before + rowsAtOnce),
      { root: box.current, rootMargin: "600px" },
    );
    observer.observe(end.current!);
    return () => observer.disconnect();
  }, [made]);
  return (
    <ScrollBox label={`Samples of ${name}`} isTall box={box}>
      <table class="samples">
        <thead>
          <tr>
            <th scope="col">epoch</th>
            {temperatures.map((temperature) => (
              <th key={temperature} scope="col">
                temperature {temperature}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {samples.slice(0, made).map(({ epoch, texts }) => (
            <tr key={epoch}>
              <th scope="row">
                <button type="button" onClick={() => onOpen(epoch)} aria-label={`Open epoch ${epoch}`}>
                  {count(epoch)}
                </button>
              </th>
              {temperatures.map((temperature) => (
                <td key={temperature}>
                  <p class="text">{texts.find((each) => each.temperature === temperature)?.text ?? "–"}</p>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div ref={end} class="end" />
    </ScrollBox>
  );
}
