import { packageTests } from "@charlstm/testing/vitest";

// The tests start other programs and wait for them: one worker is enough.
export default packageTests({
  globalSetup: ["./src/setup.ts"],
  fileParallelism: false,
  isolate: false,
  testTimeout: 300_000,
  hookTimeout: 600_000,
  coverage: { enabled: false }, // what they run are packed copies
});
