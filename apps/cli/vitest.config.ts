import { packageTests } from "@charlstm/testing/vitest";

// Many tests wait for processes: two files at a time.
export default packageTests({ maxWorkers: 2, setupFiles: ["./test/no-drawing.ts"] });
