// Finds the native library of this platform and asks what the processor can do. It may be missing, broken or of another
// version: then WebAssembly computes, and the reason is kept for whoever asks.
import { EngineError } from "../errors.js";
import type { Host } from "../host.js";
import { allBuilds, isNativeBuild, type NativeBuild } from "../types.js";
import { type Binding, INTERFACE } from "./binding.js";
import { problemOfElf } from "./elf.js";

export type Native = { binding: Binding; builds: NativeBuild[] } | { reason: string };

/** Libraries by platform; on Linux by C library too, of which the one that loads is right. */
const packages: Record<string, readonly string[]> = {
  "linux-x64": ["linux-x64-gnu", "linux-x64-musl"],
  "linux-arm64": ["linux-arm64-gnu"],
  "darwin-x64": ["darwin-x64"],
  "darwin-arm64": ["darwin-arm64"],
  "win32-x64": ["win32-x64"],
};

let loaded: Native | undefined;

/** The native library, or why there is none. Looked for once. */
export function loadNative(host: Host): Native {
  loaded ??= host.module ? load(host, host.module.createRequire(import.meta.url)) : { reason: "only Node loads one" };
  return loaded;
}

/**
 * The native library with the build that was asked for.
 *
 * @throws {EngineError} `NO_BUILD`.
 */
export function requireNative(host: Host, build: NativeBuild): { binding: Binding; build: NativeBuild } {
  return pick(loadNative(host), build);
}

/** The library, if it has that build. */
export function pick(native: Native, build: NativeBuild): { binding: Binding; build: NativeBuild } {
  if ("binding" in native && native.builds.includes(build)) return { binding: native.binding, build };
  const reason =
    "binding" in native ? `this processor lacks its instructions, it has ${native.builds.join(", ")}` : native.reason;
  throw new EngineError("NO_BUILD", `no ${build} build runs here: ${reason}; use build: "auto"`, { build, reason });
}

/** Looks for the native library, as `require` of a file of this package finds packages. */
export function load(host: Pick<Host, "fs">, require: Pick<NodeJS.Require, "resolve">): Native {
  const { platform, arch, env } = globalThis.process;
  const given = env.CHARLSTM_ENGINE_NATIVE;
  const names = packages[`${platform}-${arch}`];
  if (!given && !names) return { reason: `there is no native engine for ${platform} on ${arch}` };
  const candidates = given ? [given] : names!.map((name) => `@charlstm/engine-${name}`);
  const reasons = candidates.map((candidate) => {
    let file: string;
    try {
      file = given ? require.resolve(given) : resolveBeside(require, candidate);
    } catch {
      return { reason: given ? `${given} does not exist` : `${candidate} is not installed`, isMissing: true };
    }
    try {
      return inspect(host, file);
    } catch (error) {
      return { reason: `${file} does not load: ${(error as Error).message.split("\n", 1)[0]}`, isMissing: false };
    }
  });
  const native = reasons.find((each) => "binding" in each);
  if (native) return native;
  // A library that is there and does not load says more than one that is missing.
  const failures = reasons as { reason: string; isMissing: boolean }[];
  return { reason: (failures.find(({ isMissing }) => !isMissing) ?? failures[0]!).reason };
}

/**
 * Finds a package in the installation that this engine belongs to: its code is run, and Node's own search goes on through every
 * folder above, which may be anybody's.
 */
function resolveBeside(require: Pick<NodeJS.Require, "resolve">, name: string): string {
  const manifest = require.resolve("@charlstm/engine/package.json");
  const home = manifest.slice(0, -"package.json".length);
  const separator = home.at(-1)!;
  const places = (require.resolve.paths(name) ?? []).filter(
    (place) => place === `${home}node_modules` || home.startsWith(place + separator),
  );
  for (const place of places) {
    try {
      return require.resolve(`${place}${separator}${name}`);
    } catch {
      // Not in this place.
    }
  }
  throw new Error(`${name} is not installed`);
}

function inspect(host: Pick<Host, "fs">, file: string): Native & { isMissing?: false } {
  // Mapping a file that was cut off ends the process.
  const { platform, arch } = globalThis.process;
  const problem = platform === "linux" && problemOfElf(host.fs!.readFileSync(file), arch);
  if (problem) return { reason: `${file} ${problem}`, isMissing: false };
  const module = { exports: {} };
  globalThis.process.dlopen(module, file);
  return examine(module.exports as Binding, file);
}

/** What a library that loaded has for this processor. */
export function examine(binding: Binding, file: string): Native & { isMissing?: false } {
  if (binding.interface !== INTERFACE) {
    return { reason: `${file} is of another version of the engine: install both anew`, isMissing: false };
  }
  const present = binding.builds();
  const builds = allBuilds.filter(isNativeBuild).filter((build) => present.includes(build));
  return builds.length > 0
    ? { binding, builds }
    : { reason: "this processor has neither AVX-512, nor AVX2 with FMA, nor NEON", isMissing: false };
}
