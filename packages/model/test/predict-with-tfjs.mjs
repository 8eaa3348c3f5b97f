// What someone writes who has a saved folder and TensorFlow.js, and knows nothing of @charlstm: `node predict-with-tfjs.mjs <model.json's URL> <ids>`
// prints the probabilities after each of three windows, and the vocabulary.
import * as tf from "@tensorflow/tfjs";

const [url, windows] = process.argv.slice(2);
const model = await tf.loadLayersModel(url);
const vocabularySize = model.inputs[0].shape[2];
const ids = tf.tensor2d(JSON.parse(windows), undefined, "int32");
const probabilities = model.predict(tf.oneHot(ids, vocabularySize));
const { vocabulary } = model.getUserDefinedMetadata();
console.log(JSON.stringify({ vocabulary, probabilities: [...probabilities.dataSync()] }));
