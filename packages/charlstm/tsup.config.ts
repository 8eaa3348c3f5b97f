import { library } from "../../tsup.library.js";

export default library({
  entry: ["src/index.ts", "src/files-node.ts", "src/files-browser.ts"],
  typed: ["src/index.ts"],
  external: [/^node:/, "#files"],
});
