import { build } from "esbuild";

/** Bundles a program written in `folder` for a browser; rejects when something in it exists only in Node. */
export async function bundle(program: string, folder: string, { minify = false } = {}): Promise<string> {
  const result = await build({
    stdin: { contents: program, resolveDir: folder, loader: "js" },
    bundle: true,
    minify,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return result.outputFiles[0]!.text;
}
