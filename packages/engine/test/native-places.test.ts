// The native library is code: it comes from the engine's own installation, not from a folder above that others may write to.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";

const engine = fileURLToPath(new URL("..", import.meta.url));
const names = ["linux-x64-gnu", "linux-x64-musl", "linux-arm64-gnu", "darwin-x64", "darwin-arm64", "win32-x64"];

/** An engine installed at `top/project`, and what it says of a native build when packages lie in `place`. */
function reasonWith(place: string): string {
  const top = temporaryFolder();
  const home = join(top, "project", "node_modules", "@charlstm", "engine");
  mkdirSync(home, { recursive: true });
  for (const part of ["package.json", "dist"]) cpSync(join(engine, part), join(home, part), { recursive: true });
  for (const name of names) {
    const folder = join(top, place, "node_modules", "@charlstm", `engine-${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: `@charlstm/engine-${name}`, main: "planted.node" }),
    );
    writeFileSync(join(folder, "planted.node"), "no library");
  }
  const script = `
    const { createEngine } = await import(${JSON.stringify(pathToFileURL(join(home, "dist", "index.js")).href)});
    const options = { vocabularySize: 2, units: [4], rows: 1, length: 1, build: process.arch === "arm64" ? "neon" : "avx2" };
    await createEngine(options).catch((error) => console.log(error.message));`;
  const env = { ...process.env, CHARLSTM_ENGINE_NATIVE: "" };
  return execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8", env });
}

test("a native library beside the engine is looked at, one in a folder above is not", () => {
  expect(reasonWith("project")).toContain("planted.node");
  expect(reasonWith("")).toContain("is not installed");
});
