/** Lets timers, signals and messages through between long stretches of synchronous work. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** `nextTurn` for a loop of short steps: a turn costs a millisecond, so it is taken once in 50 of them. */
export function turnNowAndThen(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < 50) return undefined;
    return nextTurn().then(() => {
      last = performance.now();
    });
  };
}
