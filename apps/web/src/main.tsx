import "./language.js";
import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./styles.css";
import { App } from "./app.js";
import { keepFocus } from "./parts/keep-focus.js";
import { registerServiceWorker } from "./service.js";
import { followAddress } from "./state/address.js";
import { keepAwake } from "./state/awake.js";
import { takeDrops } from "./state/drop-anywhere.js";
import { writeWhenIdle } from "./state/first-words.js";
import { askBeforeLeaving } from "./state/leaving.js";
import { importLinked, listModelsAnew } from "./state/models.js";
import { sayError } from "./state/notices.js";
import { tab, tabNames } from "./state/tab.js";
import { followTabs } from "./state/tabs.js";
import { openFirstText } from "./state/text.js";
import { canTrain } from "./state/workers.js";

const app = document.getElementById("app")!;
render(<App />, app);
keepFocus(app);
const settled = registerServiceWorker();
followAddress(tab, tabNames, settled, (address) => void importLinked(address));
takeDrops();
keepAwake();
askBeforeLeaving();
followTabs(() => void listModelsAnew());
const opening = openFirstText();
void listModelsAnew();
if (canTrain) {
  void opening.then(writeWhenIdle);
} else {
  const cause = typeof WebAssembly === "undefined" ? "WebAssembly, or has it switched off" : "WebAssembly's SIMD";
  sayError(new Error(`This browser has no ${cause}: texts open here, but no network trains or writes.`));
}
