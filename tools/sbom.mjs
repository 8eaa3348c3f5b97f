// `pnpm sbom`: everything that the published packages and the page bring along, what is bundled among it, as a bill of
// materials in CycloneDX 1.5: build/sbom.cdx.json.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pnpm, root } from "./pnpm.mjs";

let output = "";
const code = await pnpm(["--dir", root, "licenses", "list", "--prod", "--json"], {
  onOutput: (piece) => (output += piece),
});
if (code !== 0) {
  console.error(output);
  process.exit(1);
}
const components = Object.values(JSON.parse(output))
  .flat()
  .flatMap(({ name, versions, license }) =>
    versions.map((version) => {
      const purl = `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
      const licenses = [/ |\(/.test(license) ? { expression: license } : { license: { name: license } }];
      return { type: "library", "bom-ref": purl, name, version, purl, licenses };
    }),
  )
  .sort((a, b) => a.purl.localeCompare(b.purl));
const bill = { bomFormat: "CycloneDX", specVersion: "1.5", version: 1, components };
mkdirSync(join(root, "build"), { recursive: true });
const file = join(root, "build", "sbom.cdx.json");
writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
console.log(`${components.length} packages: ${file}`);
