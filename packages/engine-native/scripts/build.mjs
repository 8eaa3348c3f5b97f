// Compiles the library where there is cargo, into the package of this platform (npm/); where there is none, or it fails, says so
// in a line and ends well: the engine then computes in WebAssembly. `--require` makes a failure one (for releases),
// `--test` runs the crate's own tests, `--target TRIPLE` compiles for another platform.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
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

/** Copies what is new, aside, and renames: a program that has the old file loaded keeps it, and no half of one is ever found. */
function put(from, to) {
  if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) return;
  mkdirSync(dirname(to), { recursive: true });
  const aside = `${to}.${process.pid}`;
  copyFileSync(from, aside);
  renameSync(aside, to);
}

const rust = spawnSync("rustc", ["-vV"], { encoding: "utf8" });
if (rust.error || rust.status !== 0) giveUp("there is no Rust here (https://rustup.rs)");
const target = values.target ?? /^host: (.+)$/m.exec(rust.stdout)?.[1];
const platform = platforms[target];
if (!platform) giveUp(`there is no package for ${target}`);

// Beside what turbo keeps, by what it is made from: turbo itself would also keep that there was no cargo.
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".rs"))
  .map((name) => join("src", name))
  .sort();
const hash = createHash("sha256").update(`${rust.stdout}${target}`);
for (const name of ["Cargo.toml", "Cargo.lock", "build.rs", ".cargo/config.toml", ...sources])
  hash.update(readFileSync(join(root, name)));
const cache = resolve(root, process.env.TURBO_CACHE_DIR ?? "../../.turbo/cache");
const kept = join(cache, `native-${hash.digest("hex").slice(0, 16)}.node`);

if (values.test || !existsSync(kept)) {
  const options = [
    "--release",
    "--locked",
    "--offline",
    "--quiet",
    "--target-dir",
    "target",
    ...(values.target ? ["--target", target] : []),
  ];
  const made = spawnSync("cargo", [values.test ? "test" : "build", ...options], { cwd: root, encoding: "utf8" });
  if (made.error) giveUp("there is no cargo here (https://rustup.rs)");
  if (values.test) {
    process.stdout.write(made.stdout + made.stderr);
    process.exit(made.status ?? 1);
  }
  if (made.status !== 0) giveUp(made.stderr.split("\n").find((line) => line.startsWith("error")) ?? "cargo failed");
  const suffix = { windows: ".dll", apple: ".dylib" }[/windows|apple/.exec(target)?.[0]] ?? ".so";
  const name = `${suffix === ".dll" ? "" : "lib"}charlstm_engine${suffix}`;
  const compiled = join(root, "target", values.target ?? "", "release", name);
  if (!existsSync(compiled)) giveUp("cargo made no library in target");
  put(compiled, kept);
}
put(kept, join(root, "npm", platform, "charlstm-engine.node"));
