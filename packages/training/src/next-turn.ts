/** Lets timers, signals and messages through between long stretches of synchronous work. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
