import type { ComponentType } from "preact";
import { lazy } from "./parts/lazy.js";
import { Notice } from "./parts/notice.js";
import { Tabs } from "./parts/tabs.js";
import { ThemeSwitch } from "./parts/theme-switch.js";
import { type TabName, tab } from "./state/tab.js";
import { isTouring } from "./state/tour.js";
import { TrainView } from "./views/train-view.js";

/** What nobody needs in order to train is fetched when it is opened. */
const Tour = lazy(() => import("./views/tour.js"));
const PlayView = lazy(() => import("./views/play-view.js"));
const TextView = lazy(() => import("./views/text-view.js"));
const InsideView = lazy(() => import("./views/inside-view.js"));
const KeepView = lazy(() => import("./views/keep-view.js"));

const tabs: readonly { name: TabName; title: string; View: ComponentType }[] = [
  { name: "text", title: "Text", View: TextView },
  { name: "train", title: "Train", View: TrainView },
  { name: "play", title: "Play", View: PlayView },
  { name: "inside", title: "Look inside", View: InsideView },
  { name: "keep", title: "Keep", View: KeepView },
];

export function App() {
  const { View } = tabs.find(({ name }) => name === tab.value)!;
  return (
    <>
      <header class="bar">
        <div class="brand">
          <svg viewBox="0 0 64 64" width="30" height="30" aria-hidden="true">
            <rect width="64" height="64" rx="15" class="brand-tile" />
            <path d="M44 22a15 15 0 1 0 0 20" class="brand-stroke" />
            <circle cx="47" cy="32" r="4.5" class="brand-dot" />
          </svg>
          <h1>charlstm</h1>
        </div>
        <Tabs tabs={tabs} chosen={tab.value} onChoose={(name) => (tab.value = name)} />
        <ThemeSwitch />
      </header>
      <Notice />
      <main>
        <div id="panel" role="tabpanel" aria-labelledby={`tab-${tab.value}`}>
          <View />
        </div>
      </main>
      <footer class="foot">
        Everything happens in this page: no text, model or setting leaves your machine.{" "}
        <button type="button" class="link" onClick={() => (isTouring.value = true)}>
          Take the tour
        </button>
      </footer>
      {isTouring.value && <Tour />}
    </>
  );
}
