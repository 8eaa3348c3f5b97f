import { packageTests } from "@charlstm/testing/vitest";

export default packageTests({ coverage: { enabled: false } }); // what they run are built packages
