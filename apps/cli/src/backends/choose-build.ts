// `--engine-build`: which of the engine's builds trains, and a line that says so.
import { allBuilds, type Build, inspectBuilds, isNativeBuild } from "@charlstm/engine";
import { type Io, say } from "../terminal/io.js";

/**
 * The build that was asked for; else the one that a resumed run began with, since another rounds differently, where it runs here.
 *
 * @param began Of the run that goes on, as its record names it.
 */
export function chooseBuild(io: Io, wanted?: Build | "auto", began?: string): Build | "auto" {
  const kept = allBuilds.find((build) => build === began);
  if (wanted || !kept) return wanted ?? "auto";
  const { builds, noNative } = inspectBuilds();
  if (builds.includes(kept)) return kept;
  const why = isNativeBuild(kept) && noNative ? `: ${noNative}` : "";
  say(
    io,
    `the run began with the engine's ${kept} build, which does not run here${why}; the ${builds[0]} build rounds differently`,
  );
  return "auto";
}

/** Which build computes, on how many threads, and why it is no faster one. */
export function engineLine({ build, threads }: { build?: string; threads?: number }): string {
  const { builds, noNative } = inspectBuilds();
  const why =
    build !== builds[0]
      ? `${builds[0]} would be faster`
      : noNative
        ? `WebAssembly: ${noNative}`
        : "the fastest that runs here";
  return `engine: ${build}, ${threads} ${threads === 1 ? "thread" : "threads"} (${why}; --engine-build and --threads overrule)`;
}
