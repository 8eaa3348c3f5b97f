import { packageTests } from "@charlstm/testing/vitest";

// As in the bundle: the two modules of src/register.ts are taken in, since Node finds them only with an extension.
export default packageTests({
  server: { deps: { inline: [/@tensorflow\/tfjs-core\/dist\//] } },
  testTimeout: 300_000, // a busy disk takes long to sync
});
