import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { onTestFinished } from "vitest";
import type { NativeName } from "../src/backends/native-tfjs.js";

const require = createRequire(import.meta.url);

export interface StandInOptions {
  version?: string;
  device?: "cpu" | "gpu";
  /** What loading it throws. */
  throws?: string;
  /** The signal that ends its process while it loads. */
  dies?: NodeJS.Signals;
}

/**
 * Installs a stand-in of a native package into a folder's node_modules: it exports what the real one does and registers the
 * backend `tensorflow` with every kernel, but computes with tfjs-cpu. It tells in `globalThis.memoryGrowth` what the environment
 * said of GPU memory while it loaded.
 */
export function installStandIn(folder: string, name: NativeName, options: StandInOptions = {}): void {
  const { version = "4.22.0" } = options;
  const home = join(folder, "node_modules", "@tensorflow", name);
  mkdirSync(join(home, "dist"), { recursive: true });
  writeFileSync(
    join(home, "package.json"),
    JSON.stringify({ name: `@tensorflow/${name}`, version, main: "dist/index.js" }),
  );
  writeFileSync(join(home, "dist", "index.js"), source(name, { ...options, version }));
  onTestFinished(() => {
    if (tf.findBackend("tensorflow")) tf.removeBackend("tensorflow");
    for (const { kernelName } of tf.getKernelsForBackend("tensorflow")) tf.unregisterKernel(kernelName, "tensorflow");
  });
}

const nodeFunctions = [
  ...["decodeImage", "decodeBmp", "decodeGif", "decodePng", "decodeJpeg", "encodeJpeg", "encodePng"],
  ...["summaryFileWriter", "tensorBoard", "getMetaGraphsFromSavedModel", "getNumOfSavedModels", "loadSavedModel"],
];

function source(name: NativeName, { version, device = "cpu", throws, dies }: StandInOptions): string {
  const packages = ["tfjs-core", "tfjs-layers", "tfjs-backend-cpu"];
  const [core, layers, cpu] = packages.map((name) => JSON.stringify(require.resolve(`@tensorflow/${name}`)));
  return `
    globalThis.memoryGrowth = process.env.TF_FORCE_GPU_ALLOW_GROWTH;
    console.log("a package may print");
    ${throws === undefined ? "" : `throw new Error(${JSON.stringify(throws)});`}
    ${dies === undefined ? "" : `process.kill(process.pid, "${dies}"); while (true);`}
    const tf = require(${core});
    const { MathBackendCPU } = require(${cpu});
    class NodeJSKernelBackend extends MathBackendCPU {
      binding = { TF_Version: "2.9.1" };
      isGPUPackage = ${name === "tfjs-node-gpu"};
      isUsingGpuDevice = ${device === "gpu"};
    }
    const real = () => { throw new Error("only the real package has this"); };
    module.exports = {
      ...require(${layers}),
      ...tf,
      version: { "tfjs-core": tf.version_core, "tfjs-node": "${version}" },
      io: { ...tf.io, fileSystem: real, nodeHTTPRequest: real },
      node: Object.fromEntries(${JSON.stringify(nodeFunctions)}.map((name) => [name, real])),
    };
    for (const kernel of tf.getKernelsForBackend("cpu")) tf.registerKernel({ ...kernel, backendName: "tensorflow" });
    tf.registerBackend("tensorflow", () => new NodeJSKernelBackend(), 3);
    if (!tf.setBackend("tensorflow")) throw new Error("Could not initialize TensorFlow backend.");
  `;
}
