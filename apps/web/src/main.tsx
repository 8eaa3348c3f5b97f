import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./styles.css";
import { App } from "./app.js";
import { registerServiceWorker } from "./service.js";
import { readLink } from "./state/choices.js";
import { refreshModels } from "./state/models.js";
import { openText } from "./state/text.js";

render(<App />, document.getElementById("app")!);
readLink();
void openText({ kind: "novel" });
void refreshModels();
void registerServiceWorker();
