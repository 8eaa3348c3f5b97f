import { library } from "../../tsup.library.js";
import { unmapped } from "../../tsup.unmapped.js";

export default library({
  entry: ["src/index.ts", "src/checkpoint.ts", "src/checkpoint-node.ts"],
  // The two modules that register gradients and chained methods; see src/register.ts.
  noExternal: [/^@tensorflow\/tfjs-core\/dist\//],
  esbuildPlugins: [unmapped],
});
