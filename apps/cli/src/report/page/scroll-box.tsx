import type { ComponentChildren, Ref } from "preact";

interface ScrollBoxProps {
  label: string;
  isTall?: boolean;
  box?: Ref<HTMLElement>;
  children: ComponentChildren;
}

/** What is too wide or too long for the page, and scrolls by itself: with the keyboard, too. */
export function ScrollBox({ label, isTall = false, box, children }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
    <section class={isTall ? "scroll tall" : "scroll"} ref={box ?? null} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
