import { packageTests } from "@charlstm/testing/vitest";

// One browser at a time: what the page does is measured in it.
export default packageTests({ fileParallelism: false, testTimeout: 120_000 });
