// How the native library comes to be in a clone: compiled once where cargo is, and one line where it is not or fails.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";

const source = fileURLToPath(new URL("../../engine-native/", import.meta.url));

/** A copy of the crate, and what `build` prints there with stand-ins for Rust's programs; those not given are not there. */
function crate(programs: { rustc?: string; cargo?: string }) {
  const top = temporaryFolder();
  const [home, bin] = [join(top, "crate"), join(top, "bin")];
  for (const part of ["scripts", "src", "Cargo.toml", "Cargo.lock", "build.rs", ".cargo"]) {
    cpSync(join(source, part), join(home, part), { recursive: true });
  }
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const build = (...options: string[]) => {
    // The shell's own programs, without Rust's.
    const env = {
      ...process.env,
      PATH: `${bin}${delimiter}/usr/bin${delimiter}/bin`,
      TURBO_CACHE_DIR: join(top, "cache"),
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.mjs", ...options], {
      ...{ cwd: home, env, encoding: "utf8" },
    });
    return { status, printed: stdout + stderr };
  };
  return { home, build };
}

const rustc = "echo 'rustc 1.95.0'; echo 'host: x86_64-unknown-linux-gnu'";
const compiling = "echo call >> calls; mkdir -p target/release; echo library > target/release/libcharlstm_engine.so";

describe.skipIf(process.platform === "win32")("the build of the native library", () => {
  test("compiles once, and takes what was compiled from then on, until a source changes", () => {
    const { home, build } = crate({ rustc, cargo: compiling });
    const library = join(home, "npm", "linux-x64-gnu", "charlstm-engine.node");
    const calls = () => readFileSync(join(home, "calls"), "utf8").trim().split("\n").length;
    expect(build()).toEqual({ status: 0, printed: "" });
    expect(readFileSync(library, "utf8")).toBe("library\n");
    writeFileSync(library, "of an older source");
    expect(build()).toEqual({ status: 0, printed: "" });
    expect(readFileSync(library, "utf8")).toBe("library\n");
    expect(calls()).toBe(1);
    writeFileSync(join(home, "src", "lib.rs"), "// changed\n");
    build();
    expect(calls()).toBe(2);
  });

  test.each([
    [
      "an old Rust",
      {
        rustc,
        cargo: "echo 'error: rustc 1.75.0 is not supported by the following package:' >&2; echo more >&2; exit 101",
      },
      "error: rustc 1.75.0 is not supported by the following package:",
    ],
    [
      "no linker",
      { rustc, cargo: "echo 'error: linker `cc` not found' >&2; exit 101" },
      "error: linker `cc` not found",
    ],
    ["a cargo that dies", { rustc, cargo: "exit 1" }, "cargo failed"],
    ["a cargo that makes nothing", { rustc, cargo: "exit 0" }, "cargo made no library in target"],
    ["rustup without a toolchain", { rustc: "echo 'error: no toolchain' >&2; exit 1" }, "there is no Rust here"],
    ["another platform", { rustc: "echo 'host: riscv64gc-unknown-linux-gnu'" }, "there is no package for riscv64gc"],
  ])("goes on after one line where there is %s, and fails where it is required", (_, programs, reason) => {
    const { home, build } = crate(programs);
    const { status, printed } = build();
    expect(printed).toMatch(/^The native engine is not compiled: .+\. The engine runs in WebAssembly\.\n$/);
    expect(printed).toContain(reason);
    expect(status).toBe(0);
    expect(existsSync(join(home, "npm"))).toBe(false);
    expect(build("--require").status).toBe(1);
  });
});
