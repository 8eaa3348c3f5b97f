// The worker: learns the text that it is given and sends back how it goes, then what it writes.
import { train } from "charlstm";

addEventListener("message", async ({ data: text }) => {
  try {
    const model = await train(text, { epochs: 12, onEpoch: ({ epoch, loss }) => postMessage({ epoch, loss }) });
    for await (const { character } of model.write({ length: 400 })) postMessage({ character });
    postMessage({ done: true });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
