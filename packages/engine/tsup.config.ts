import { library } from "../../tsup.library.js";

export default library({
  entry: ["src/index.ts", "src/benchmark.ts", "src/worker.ts"],
  typed: ["src/index.ts", "src/benchmark.ts"],
  splitting: true,
});
