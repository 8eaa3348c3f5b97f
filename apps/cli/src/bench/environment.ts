// What the times depend on: processor, versions, what is installed.
import os from "node:os";
import { createBackend, type TfjsName } from "../backends/backends.js";
import { CliError } from "../errors.js";
import { versions } from "../versions.js";
import { works } from "./works.js";

export interface Environment {
  charlstm: string;
  node: string;
  v8: string;
  os: string;
  arch: string;
  cpu: string;
  cores: number;
  /** Processes that waited for a core in the last minute, at the start: above 0 others disturb the times. */
  load: number;
  /** Versions of the rivals. */
  tfjs?: string;
  pytorch?: string;
  brain?: string;
}

export function describeHost(): Environment {
  return {
    charlstm: versions.charlstm!,
    node: versions.node!,
    v8: versions.v8!,
    os: os.platform(),
    arch: os.arch(),
    cpu: os.cpus()[0]?.model.trim() ?? "unknown processor",
    cores: os.availableParallelism(),
    load: Number(os.loadavg()[0]!.toFixed(2)),
  };
}

export function environmentLine({
  charlstm,
  node,
  os,
  arch,
  cpu,
  cores,
  load,
  tfjs,
  pytorch,
  brain,
}: Environment): string {
  const rivals = [tfjs && `tfjs ${tfjs}`, pytorch && `pytorch ${pytorch}`, brain && `brain.js ${brain}`]
    .filter(Boolean)
    .map((rival) => `, ${rival}`);
  return `node ${node}, ${os} ${arch}, ${cpu} x ${cores}, load ${load}, charlstm ${charlstm}${rivals.join("")}`;
}

/** Those of the wanted TensorFlow.js backends that load here; the others with the reason. */
export async function presentTfjs(
  wanted: readonly TfjsName[],
): Promise<{ present: TfjsName[]; missing: { name: TfjsName; reason: string }[] }> {
  const present: TfjsName[] = [];
  const missing: { name: TfjsName; reason: string }[] = [];
  const { architecture } = works.stream;
  for (const name of wanted) {
    try {
      const optimizer = { name: "sgd" } as const;
      const backend = await createBackend(name, { architecture, objective: "window", optimizer, rows: 1, seed: 1 });
      await backend.dispose();
      present.push(name);
    } catch (error) {
      if (!(error instanceof CliError) || error.code !== "BACKEND_UNAVAILABLE") throw error;
      missing.push({ name, reason: error.message });
    }
  }
  return { present, missing };
}

export async function tfjsVersion(): Promise<string> {
  const { version_core } = await import("@tensorflow/tfjs-core");
  return version_core;
}

/** TensorFlow's own library takes every core; the backends in JavaScript and WebAssembly take one in Node. */
export function tfjsThreads(name: TfjsName): number {
  return name.startsWith("tfjs-node") ? os.availableParallelism() : 1;
}
