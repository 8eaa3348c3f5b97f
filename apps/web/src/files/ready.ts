// What comes with the page ready-made: scripts/make-ready.js made it, and a test holds it to what is said here.

/** The ready model's id, where models are chosen. */
export const readyId = "ready";

/** Its folder beside the page; its files are those of a checkpoint. */
export const readyFolder = "ready/model";

export const readyModel = {
  title: "Moby-Dick, ready-made",
  units: [128],
  epochs: 20,
  /** Of the novel's last twentieth, which it never read, in nats per character. */
  heldOutLoss: 1.471,
} as const;
