import "@tensorflow/tfjs-backend-cpu";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expectClose, temporaryFolder } from "@charlstm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, onTestFinished, test } from "vitest";
import { createDiskStore } from "../src/checkpoint-node.js";
import { checkpointFromModel, createCharLstm } from "../src/index.js";

const script = fileURLToPath(new URL("predict-with-tfjs.mjs", import.meta.url));

test.each([
  { units: [6], dropout: 0 },
  { units: [4, 5], dropout: 0.5 },
])(
  "a saved folder opens with tf.loadLayersModel of plain TensorFlow.js and predicts the same probabilities: %o",
  async (shape) => {
    await tf.setBackend("cpu");
    const folder = temporaryFolder();
    const architecture = { vocabularySize: 5, window: 7, ...shape };
    const model = createCharLstm({ ...architecture, seed: 2 });
    const vocabulary = ["\n", "a", "é", "中", "😀"];
    await createDiskStore(folder).save("best", await checkpointFromModel(model, { vocabulary }));

    const windows = Array.from({ length: 3 }, (_, row) =>
      Array.from({ length: 7 }, (_, place) => (row + place ** 2) % 5),
    );
    const expected = tf.tidy(() => {
      const x = tf.oneHot(tf.tensor2d(windows, [3, 7], "int32"), 5);
      return (model.predict(x) as tf.Tensor).dataSync();
    });
    const url = `${await serve(join(folder, "best"))}/model.json`;
    const { stdout } = await promisify(execFile)(process.execPath, [script, url, JSON.stringify(windows)]);
    const given = JSON.parse(stdout) as { vocabulary: string[]; probabilities: number[] };
    expect(given.vocabulary).toEqual(vocabulary);
    expectClose(given.probabilities, expected, 0);
    model.dispose();
  },
);

/** A file server for the running test. */
async function serve(folder: string): Promise<string> {
  const server: Server = createServer((request, response) => {
    readFile(join(folder, request.url!)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
