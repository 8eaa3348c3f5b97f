import { packageTests } from "@charlstm/testing/vitest";

export default packageTests();
