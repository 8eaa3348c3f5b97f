import { batch } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { CellPicture } from "../parts/cell-picture.js";
import { type TabName, tab } from "../state/tab.js";
import { isTouring } from "../state/tour.js";

const steps: readonly { title: string; text: string; tab: TabName; hasPicture?: true }[] = [
  {
    title: "It guesses the next character",
    text: "That is all a network here does: it reads a text one character at a time, and after each says how likely every other is to come next. Writing is guessing, taking the guess for text, and guessing on.",
    tab: "train",
  },
  {
    title: "It needs a text",
    text: "Under Text you open your own, or take one of six that come with the page. Its last twentieth is held out: the network never trains on it, so how well it guesses there is the fair test.",
    tab: "text",
  },
  {
    title: "A cell that remembers",
    text: "What it remembers is in its cells, a number in each. At every character three gates decide: how much of the number stays, how much of what is new is added, and how much of it the other cells are told.",
    tab: "inside",
    hasPicture: true,
  },
  {
    title: "It learns from its surprise",
    text: "The loss is its mean surprise at the character that really came, in nats. After each stretch of text every weight is moved a little to where the surprise would have been smaller. Start, and watch the loss sink.",
    tab: "train",
  },
  {
    title: "You let it write",
    text: "Under Play you give a prompt, shown in grey, and it writes on. The temperature says how daring it draws: near 0 always the likeliest character, at 1 each as often as it expects it.",
    tab: "play",
  },
  {
    title: "It is yours",
    text: "Models and runs stay in this browser, under Keep, where runs are compared too. They go out as files for Keras, PyTorch, ONNX and the command line, and come back in.",
    tab: "keep",
  },
];

/** The tour: six steps over the page, left at any of them, also by the browser's Back. */
export default function Tour() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [at, setAt] = useState(0);
  const step = steps[at]!;
  const isLast = at === steps.length - 1;
  const [from] = useState(tab.value);
  const close = () =>
    batch(() => {
      tab.value = from;
      isTouring.value = false;
    });
  const end = () => dialog.current!.close();
  const go = (to: number) => {
    setAt(to);
    tab.value = steps[to]!.tab;
  };
  useEffect(() => {
    go(0);
    dialog.current!.showModal();
    // One entry for all of its steps, so that Back leaves the tour and nothing else; who ends it takes it off again.
    history.pushState(null, "");
    addEventListener("popstate", close);
    return () => removeEventListener("popstate", close);
  }, []);
  const move = ({ key }: KeyboardEvent) => {
    if (key === "ArrowRight" && !isLast) go(at + 1);
    if (key === "ArrowLeft" && at > 0) go(at - 1);
  };
  return (
    <dialog ref={dialog} class="tour" aria-labelledby="tour-title" onClose={() => history.back()} onKeyDown={move}>
      <p class="fine">
        Step {at + 1} of {steps.length}
      </p>
      <div aria-live="polite">
        <h2 id="tour-title">{step.title}</h2>
        {step.hasPicture && <CellPicture />}
        <p>{step.text}</p>
      </div>
      <div class="buttons">
        <button type="button" class="primary" onClick={() => (isLast ? end() : go(at + 1))}>
          {isLast ? "To the page" : "Next"}
        </button>
        <button type="button" disabled={at === 0} onClick={() => go(at - 1)}>
          Back
        </button>
        {!isLast && (
          <button type="button" class="quiet" onClick={end}>
            Skip
          </button>
        )}
      </div>
    </dialog>
  );
}
