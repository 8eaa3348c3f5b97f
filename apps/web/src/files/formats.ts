import type { ModelFormat } from "@charlstm/formats";

/** The formats a model can be taken away in. */
export const exportFormats: Readonly<Record<ModelFormat, { title: string; about: string; ending: string }>> = {
  charlstm: {
    title: ".charlstm",
    about: "Everything in one file, for this page and the command line.",
    ending: ".charlstm",
  },
  h5: { title: "Keras .h5", about: "For Keras 2 and 3.", ending: ".h5" },
  keras: { title: ".keras", about: "For Keras 3, with the optimizer.", ending: ".keras" },
  tfjs: { title: "TensorFlow.js", about: "model.json and weights.bin in a zip.", ending: "-tfjs.zip" },
  onnx: { title: "ONNX", about: "For ONNX Runtime; comes back to no page.", ending: ".onnx" },
  safetensors: { title: "safetensors", about: "The weights, for PyTorch.", ending: ".safetensors" },
};
