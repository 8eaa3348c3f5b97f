// `pnpm supply-chain`: the licences of everything that the published packages and the page bring along, and whether
// any of it runs a script when it is installed. Fails on a licence that is not listed here and on such a script.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pnpm, root } from "./pnpm.mjs";

// OFL-1.1: a typeface may be carried along with a program.
// MPL-2.0: a package may be used unchanged, and is; changes to its own files would have to be published.
const accepted = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "OFL-1.1"]);

let output = "";
const code = await pnpm(
  ["--dir", root, "--filter=./packages/*", "--filter=./apps/*", "licenses", "list", "--prod", "--json"],
  {
    onOutput: (piece) => (output += piece),
  },
);
if (code !== 0) {
  console.error(output);
  process.exit(1);
}
const packages = Object.values(JSON.parse(output)).flat();
const faults = [];
const byLicence = new Map();
for (const { name, license, paths } of packages) {
  byLicence.set(license, [...(byLicence.get(license) ?? []), name]);
  const parts = license.replaceAll(/[()]/g, "").split(/ AND | OR /);
  if (!parts.every((part) => accepted.has(part))) faults.push(`${name} has the licence ${license}`);
  for (const path of paths) {
    const { scripts = {} } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    for (const script of ["preinstall", "install", "postinstall"]) {
      if (script in scripts) faults.push(`${name} runs "${scripts[script]}" when it is installed`);
    }
  }
}
for (const [licence, names] of [...byLicence].sort(([a], [b]) => a.localeCompare(b))) {
  console.log(`${licence}: ${names.sort().join(", ")}`);
}
console.log(`${packages.length} packages, ${faults.length} faults`);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
