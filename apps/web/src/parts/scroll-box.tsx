import type { ComponentChildren } from "preact";

interface ScrollBoxProps {
  class: string;
  label: string;
  testId: string;
  children: ComponentChildren;
}

/** A box of text that may scroll, so it can be reached by keyboard. */
export function ScrollBox({ class: name, label, testId, children }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, the keyboard could not scroll the box.
    <section class={name} dir="auto" tabIndex={0} aria-label={label} data-testid={testId}>
      {children}
    </section>
  );
}
