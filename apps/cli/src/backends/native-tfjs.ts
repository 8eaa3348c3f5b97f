// TensorFlow's own library under TensorFlow.js: @tensorflow/tfjs-node and @tensorflow/tfjs-node-gpu, where the user has installed them.
// Their code is run, so they are looked for in three places alone: beside this program, among global installations, and in a folder
// that the user names. What lies where the user stands, or above it, may be anybody's.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import util from "node:util";
import { CliError } from "../errors.js";
import type { Io } from "../terminal/io.js";

export const nativeNames = ["tfjs-node", "tfjs-node-gpu"] as const;
export type NativeName = (typeof nativeNames)[number];

/** A native package that is installed. */
export interface NativePackage {
  name: NativeName;
  version: string;
  /** Of its main file. */
  url: string;
}

/** What a native package says once it has loaded, or why it does not. */
export type NativeProbe = { tensorflow: string; device: "cpu" | "gpu" } | { error: string };

/** Starting TensorFlow takes a second or two; a hanging driver must not hang us. */
const patienceMs = 60_000;

/** Names the folder in whose node_modules native packages are looked for first. */
const folderVariable = "CHARLSTM_TFJS_FOLDER";

/** Looks for a native package. Loads nothing. */
export function findNative(name: NativeName, io: Pick<Io, "env" | "folder">): NativePackage | undefined {
  const named = io.env[folderVariable];
  const places = [
    ...(named ? [join(resolve(io.folder, named), "node_modules")] : []),
    ...besideProgram(),
    ...globals(),
  ];
  for (const place of places) {
    const home = join(place, "@tensorflow", name);
    try {
      const { version, main = "index.js" } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
        version: string;
        main?: string;
      };
      return { name, version, url: pathToFileURL(join(home, main)).href };
    } catch {
      // Not in this place.
    }
  }
  return undefined;
}

/** The node_modules folder of this program's package, and those that it is installed in, the nearest first. */
function besideProgram(): string[] {
  const home = dirname(createRequire(import.meta.url).resolve("@charlstm/cli/package.json"));
  const places = [join(home, "node_modules")];
  for (let folder = home; dirname(folder) !== folder; folder = dirname(folder)) {
    if (basename(folder) === "node_modules") places.push(folder);
  }
  return places;
}

/** Where npm installs with `--global`, as Node's installers leave it set. */
function globals(): string[] {
  const node = dirname(process.execPath);
  return process.platform === "win32"
    ? [...(process.env.APPDATA ? [join(process.env.APPDATA, "npm", "node_modules")] : []), join(node, "node_modules")]
    : [join(dirname(node), "lib", "node_modules")];
}

/** How to get a native package to run. */
export function installAdvice(name: NativeName): string {
  const needs =
    name === "tfjs-node-gpu"
      ? "it needs Linux or Windows on x64, an NVIDIA GPU, CUDA 11.2 and cuDNN 8.1, and downloads TensorFlow's library when it is installed"
      : "it downloads TensorFlow's library when it is installed";
  return (
    `npm install @tensorflow/${name} beside charlstm (with --global if charlstm was), ` +
    `or set ${folderVariable} to the folder where you did; ${needs}`
  );
}

/**
 * Imports TensorFlow's native binding when the user has installed it.
 *
 * @throws {CliError} `BACKEND_UNAVAILABLE`: not installed, or it does not load.
 */
export async function importNative(name: NativeName, io: Pick<Io, "env" | "folder">): Promise<void> {
  const found = findNative(name, io);
  if (!found) {
    throw new CliError(
      "BACKEND_UNAVAILABLE",
      `@tensorflow/${name} is not installed: ${installAdvice(name)}; or leave --backend out`,
    );
  }
  Object.assign(process.env, nativeEnvironment(process.env));
  // Releases up to 4.22 call it in their kernels, and Node 23 removed it.
  const functions = util as { isNullOrUndefined?: (value: unknown) => boolean };
  functions.isNullOrUndefined ??= (value) => value === null || value === undefined;
  try {
    await import(found.url);
  } catch (cause) {
    throw new CliError("BACKEND_UNAVAILABLE", `${doesNotLoad(found, firstLine(cause))}; or leave --backend out`, {
      cause,
    });
  }
}

/** Loads a native package in a process of its own: where the processor or the driver does not suit it, it takes its process down. */
export async function probeNative({ url }: NativePackage, signal?: AbortSignal): Promise<NativeProbe> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", probeScript, url], {
    env: { ...process.env, ...nativeEnvironment(process.env) },
    // Not where the user stands: some systems look for libraries there.
    cwd: dirname(fileURLToPath(url)),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: patienceMs,
    killSignal: "SIGKILL",
    ...(signal && { signal }),
  });
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      written[name] += text;
    });
  }
  const [code, killer] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject).on("close", (...end) => resolve(end));
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
  const answer = written.stdout.split("\n").find((line) => line.startsWith(probeMark));
  if (answer) return JSON.parse(answer.slice(probeMark.length)) as NativeProbe;
  const lastWords = written.stderr.trim().split("\n").at(-1);
  return { error: `its process ended with ${killer ?? `code ${code}`}${lastWords ? `: ${lastWords}` : ""}` };
}

/** Why an installed package is of no use. */
export function doesNotLoad({ name, version }: Pick<NativePackage, "name" | "version">, error: string): string {
  return (
    `@tensorflow/${name} ${version} is installed but does not load in Node ${process.versions.node}: ${error}; ` +
    `install it again where it can download TensorFlow's library (npm rebuild @tensorflow/${name})`
  );
}

/** The packages may print on stdout themselves. */
const probeMark = "charlstm probe ";

const probeScript = `
const say = (answer) => process.stdout.write("\\n${probeMark}" + JSON.stringify(answer) + "\\n");
try {
  const { default: tf } = await import(process.argv[1]);
  await tf.ready();
  const { binding, isUsingGpuDevice } = tf.backend();
  say({ tensorflow: String(binding.TF_Version), device: isUsingGpuDevice ? "gpu" : "cpu" });
} catch (error) {
  say({ error: String(error?.message ?? error).split("\\n")[0] });
}`;

/** GPU memory is taken as it is needed, not all at once, as the notebook sets it; TensorFlow keeps its small talk to itself. */
function nativeEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { TF_FORCE_GPU_ALLOW_GROWTH = "true", TF_CPP_MIN_LOG_LEVEL = "1" } = env;
  return { TF_FORCE_GPU_ALLOW_GROWTH, TF_CPP_MIN_LOG_LEVEL };
}

function firstLine(error: unknown): string {
  return String((error as Error | undefined)?.message ?? error).split("\n")[0]!;
}
