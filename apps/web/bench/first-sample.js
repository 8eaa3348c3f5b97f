// How soon does a visitor see something that was learnt? In every browser, each time one that was never started before: from the address
// to the ready model's first words and to a button that starts a run, and from that button to the first sample that was written after
// some steps. After a build: `node bench/first-sample.js`.
import { cpus } from "node:os";
import { installedBrowsers, median, servePage, waitFor } from "./browsers.js";

const rounds = 5;

/** Notes when things are there: by the page's own clock, so that no driver's time counts. Resolves nothing; the page holds the times. */
const watch = `
  window.times = {};
  const note = (name, is) => { if (!(name in times) && is()) times[name] = performance.now(); };
  const facts = () => document.querySelector("[data-testid=sample-facts]")?.textContent ?? "";
  const look = () => {
    note("button", () => document.querySelector("button.primary.big:not(:disabled)"));
    note("words", () => document.querySelector("[data-testid=first-words] .prompt"));
    note("step", () => /Step [1-9]/.test(document.querySelector("[data-testid=details]")?.textContent));
    note("sample", () => /after [1-9]/.test(facts()));
    if ("sample" in times && !("after" in times)) times.after = facts();
  };
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });`;

const start = `
  const button = [...document.querySelectorAll("button")].find((one) => one.textContent === "Start learning");
  window.times.click = performance.now();
  button.click();`;

const page = await servePage();
console.log(`${cpus()[0].model} x ${cpus().length}`);
for (const browser of await installedBrowsers()) {
  const all = [];
  for (let round = 0; round < rounds; round++) all.push(await visit(browser));
  const shown = (of) => `${median(all.map(of)).toFixed(2)} s (${all.map((one) => of(one).toFixed(2)).join(", ")})`;
  console.log(`${browser.name} ${all[0].version}`);
  console.log(`  from the address to the first words  ${shown(({ words }) => words / 1000)}`);
  console.log(`  from the address to the button       ${shown(({ button }) => button / 1000)}`);
  console.log(`  from the button to the first steps   ${shown(({ step, click }) => (step - click) / 1000)}`);
  console.log(`  from the button to the first sample  ${shown(({ sample, click }) => (sample - click) / 1000)}`);
  console.log(`  which was ${all.map(({ after }) => after).join("; ")}`);
}
await page.close();

async function visit(browser) {
  const session = await browser.start();
  try {
    await session.open(page.address);
    await session.run(watch);
    await waitFor(session, "return window.times.words && window.times.button");
    await session.run(start);
    await waitFor(session, "return window.times.after");
    return { ...(await session.run("return window.times")), version: session.version };
  } finally {
    await session.close();
  }
}
