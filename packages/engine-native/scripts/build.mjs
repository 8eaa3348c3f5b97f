// Compiles the library where there is cargo, into the package of this platform (npm/); where there is none, or it fails, says so
// in a line and ends well: the engine then computes in WebAssembly. `--require` makes a failure one (for releases),
// `--test` runs the crate's own tests, `--target TRIPLE` compiles for another platform.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { require: { type: "boolean" }, test: { type: "boolean" }, target: { type: "string" } },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const platforms = {
  "x86_64-unknown-linux-gnu": "linux-x64-gnu",
  "x86_64-unknown-linux-musl": "linux-x64-musl",
  "aarch64-unknown-linux-gnu": "linux-arm64-gnu",
  "x86_64-apple-darwin": "darwin-x64",
  "aarch64-apple-darwin": "darwin-arm64",
  "x86_64-pc-windows-msvc": "win32-x64",
};

/** Ends with one line: the build goes on without the library. */
function giveUp(reason) {
  console.log(`The native engine is not compiled: ${reason}. The engine runs in WebAssembly.`);
  process.exit(values.require ? 1 : 0);
}

function cargo(...given) {
  return spawnSync("cargo", given, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 });
}

const version = spawnSync("rustc", ["-vV"], { encoding: "utf8" });
if (version.error || version.status !== 0) giveUp("there is no Rust here (https://rustup.rs)");
const host = /^host: (.+)$/m.exec(version.stdout)?.[1];
const target = values.target ?? host;
const platform = platforms[target];
if (!platform) giveUp(`there is no package for ${target}`);

const options = ["--release", "--locked", "--offline", "--quiet", ...(values.target ? ["--target", target] : [])];
const { status, stderr, error, stdout } = cargo(values.test ? "test" : "build", ...options);
if (error) giveUp("there is no cargo here (https://rustup.rs)");
if (values.test) {
  process.stdout.write(stdout + stderr);
  process.exit(status ?? 1);
}
if (status !== 0) giveUp(stderr.split("\n").find((line) => line.startsWith("error")) ?? `cargo ended with ${status}`);

const name = target.includes("windows") ? "charlstm_engine.dll" : `libcharlstm_engine.${target.includes("apple") ? "dylib" : "so"}`;
const from = join(root, "target", values.target ?? "", "release", name);
const to = join(root, "npm", platform, "charlstm-engine.node");
// Another file under the old name: a program that has the old one loaded keeps it.
if (!existsSync(to) || statSync(to).mtimeMs < statSync(from).mtimeMs) {
  copyFileSync(from, `${to}.new`);
  renameSync(`${to}.new`, to);
}
