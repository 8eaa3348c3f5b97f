import { packageTests } from "@charlstm/testing/vitest";

export default packageTests({
  // TensorFlow.js as plain Node imports mixes its CommonJS and its module copies; through Vite there is one of each.
  server: { deps: { inline: [/@tensorflow/] } },
  // The tests use the built files, where the kernels and the workers are.
  coverage: { include: ["src/**/*.ts", "dist/*.js"] },
});
