import { packageTests } from "@charlstm/testing/vitest";

// TensorFlow.js as plain Node imports mixes its CommonJS and its module copies; through Vite there is one of each.
export default packageTests({ server: { deps: { inline: [/@tensorflow/] } } });
