import { packageTests } from "@charlstm/testing/vitest";

export default packageTests({ globalSetup: ["./src/setup.ts"], testTimeout: 300_000, hookTimeout: 600_000 });
