// The API reference, from every entry that a published package exports: an export or member without a docstring is an error.
import { readdirSync, readFileSync } from "node:fs";

const manifests = readdirSync("packages")
  .map((folder) => ({ folder, ...JSON.parse(readFileSync(`packages/${folder}/package.json`, "utf8")) }))
  .filter((manifest) => !manifest.private);
const entryPoints = manifests.flatMap(({ folder, exports }) => {
  const types = Object.values(exports).flatMap((target) => target.node?.types ?? target.types ?? []);
  return types.map((file) => `packages/${folder}/${file.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts")}`);
});

/** @type {import("typedoc").TypeDocOptions} */
export default {
  name: "charlstm",
  entryPoints,
  tsconfig: "tsconfig.docs.json",
  out: "build/api",
  readme: "none",
  includeVersion: true,
  excludePrivate: true,
  excludeInternal: true,
  validation: { notDocumented: true, notExported: true, invalidLink: true },
  packagesRequiringDocumentation: manifests.map(({ name }) => name),
  requiredToBeDocumented: ["Variable", "Function", "Class", "Interface", "TypeAlias", "Enum", "EnumMember"],
  treatWarningsAsErrors: true,
};
