import packageJson from "../package.json" with { type: "json" };

/** This program's version and that of the runtime, for the records of a run. */
export const versions: Readonly<Record<string, string>> = {
  charlstm: packageJson.version,
  node: process.versions.node,
  v8: process.versions.v8,
};
