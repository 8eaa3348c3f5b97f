import { library } from "../../tsup.library.js";

export default library({
  entry: ["src/index.ts"],
  target: "es2019", // what webpack 4 and browserify still parse
});
