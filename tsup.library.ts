import { defineConfig, type Options } from "tsup";

/** Whether builds write type declarations: not in a clone that only trains, where what they take is not installed. */
const types = process.env.CHARLSTM_TYPES !== "no";

/** What is private in the workspace. */
const own = ["@charlstm/errors", "@charlstm/network"];

/** Builds a published package for Node, browsers and workers alike; what is private in the workspace becomes part of it. */
export function library(
  options: Omit<Options, "dts"> & { entry: string[]; typed?: string[] },
): ReturnType<typeof defineConfig> {
  const { typed, ...build } = options;
  return defineConfig({
    format: ["esm"],
    target: "es2022",
    platform: "neutral",
    external: [/^node:/],
    sourcemap: true,
    clean: true,
    ...build,
    noExternal: [...own, ...(build.noExternal ?? [])],
    dts: types && { entry: typed ?? build.entry, resolve: own },
  });
}
