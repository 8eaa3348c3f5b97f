// `pnpm node-versions [version...]`: the built command line on other versions of Node, which come from npm: trains,
// goes on, writes, measures, exports and imports. `--suites` runs the suites of engine and training on each as well.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./pnpm.mjs";
import { run } from "./run.mjs";

const words = process.argv.slice(2);
const suites = words.includes("--suites");
const wanted = words.filter((word) => !word.startsWith("--"));
// The oldest that package.json allows, then the newest of each line that is maintained, then the newest there is.
const versions = wanted.length > 0 ? wanted : ["20.19.0", "20", "22", "24", "latest"];
const bin = join(root, "apps", "cli", "dist", "bin.js");

const rows = [];
for (const version of versions) {
  const node = await install(version);
  const name = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  if (rows.some((row) => row.name === name)) continue;
  const results = { ...smoke(node), ...(suites ? suitesOn(node) : {}) };
  rows.push({ name, results });
  const parts = Object.entries(results).map(([what, fault]) => `${what} ${fault ? "FAILED" : "ok"}`);
  console.log(`${name}: ${parts.join(", ")}`);
  for (const [what, fault] of Object.entries(results)) if (fault) console.error(`${name}, ${what}:\n${fault}`);
}
process.exitCode = rows.every(({ results }) => Object.values(results).every((fault) => fault === "")) ? 0 : 1;

/** Installs a Node under `.tools/`, once, as the package of this system's binaries, and returns its path. */
async function install(version) {
  const system = { win32: "win", darwin: "darwin", linux: "linux" }[process.platform];
  const name = `node-${system}-${process.arch}`;
  const file = (folder) =>
    join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  const home = join(root, ".tools", `node-${version}`);
  if (existsSync(file(home))) return file(home);
  const aside = `${home}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  writeFileSync(join(aside, "package.json"), '{ "private": true }\n');
  const install = ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--loglevel=error"];
  const code = await run("npm", [...install, `${name}@${version}`], { cwd: aside, quiet: true, shell: true });
  if (code !== 0) throw new Error(`npm could not install ${name}@${version} (exit code ${code})`);
  rmSync(home, { recursive: true, force: true });
  renameSync(aside, home);
  return file(home);
}

/** What each step of a short session came to: "" or what went wrong. */
function smoke(node) {
  const folder = mkdtempSync(join(tmpdir(), "charlstm-node-"));
  const line = "It was a bright morning, and the sea lay still; nobody spoke, for there was nothing to say.";
  const text = Array.from({ length: 60 }, (_, index) => `Chapter ${index + 1}. ${line}`).join("\n");
  writeFileSync(join(folder, "book.txt"), `${text}\n`);
  const steps = {
    train: ["train", "book.txt", "--units", "32", "--window", "20", "--batch", "8", "--max-steps", "30", "--out", "a"],
    resume: ["train", "--resume", "a", "--max-steps", "40"],
    generate: ["generate", "a", "--length", "60", "--seed", "1"],
    evaluate: ["evaluate", "a", "book.txt"],
    export: ["export", "a", "--out", "a.h5"],
    import: ["import", "a.h5", "--out", "b"],
    "generate again": ["generate", "b", "--length", "60", "--seed", "1"],
  };
  const results = {};
  for (const [what, args] of Object.entries(steps)) results[what] = attempt(node, [bin, ...args], folder);
  rmSync(folder, { recursive: true, force: true });
  return results;
}

function suitesOn(node) {
  return Object.fromEntries(
    ["engine", "training"].map((name) => {
      const folder = join(root, "packages", name);
      const vitest = join(folder, "node_modules", "vitest", "vitest.mjs");
      return [`${name}'s suite`, attempt(node, [vitest, "run"], folder)];
    }),
  );
}

function attempt(node, args, cwd) {
  try {
    execFileSync(node, args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    return "";
  } catch (error) {
    return `${error.message}\n${String(error.stdout).slice(-2000)}`;
  }
}
