import { packageTests } from "@charlstm/testing/vitest";

// A page and its browser wait for each other most of the time: two of them at once.
export default packageTests({ maxWorkers: 2, testTimeout: 120_000 });
