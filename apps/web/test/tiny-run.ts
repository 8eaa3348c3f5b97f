// A run of the page that takes milliseconds, for tests of the service that trains.
import type { TrainingSettings } from "@charlstm/training";
import { changeSettings, defaultChoices } from "../src/logic/settings.js";
import type { RunRequest } from "../src/worker/page-run.js";
import { prepareText } from "../src/worker/prepared-text.js";
import type { RunEvent } from "../src/worker/run-events.js";

export const cats = "the cat sat on the mat and the dog sat on the log. ".repeat(20);
const tiny = { units: [4], window: 8, batch: 4, warmupSteps: 0, heldOut: 0.1 };

/** What is asked for, the events that come of it, and what is done at each. */
export function requestOf(
  id: string,
  settings: Partial<TrainingSettings>,
  onEvent: (event: RunEvent) => void = () => {},
  text = cats,
) {
  const events: RunEvent[] = [];
  const asked: RunRequest = {
    ...{ id, title: "Cats", choices: { ...changeSettings(defaultChoices, { ...tiny, ...settings }), threads: 1 } },
    text: prepareText(text, { title: "Cats", cleaning: { recipe: "gutenberg", foldCase: false, unwrap: false } }),
    report: (event) => {
      events.push(event);
      onEvent(event);
    },
  };
  const ofType = <Type extends RunEvent["type"]>(type: Type) =>
    events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
  return { asked, events, ofType };
}
