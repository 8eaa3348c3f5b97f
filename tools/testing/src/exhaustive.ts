/** Whether tests try all that they can, as docs/reliability.md counts it, and not a part of it: minutes more. */
export const isExhaustive = process.env.CHARLSTM_EXHAUSTIVE === "1";
