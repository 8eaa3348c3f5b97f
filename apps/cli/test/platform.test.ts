// The built program where something that most machines have is missing, or different.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test, vi } from "vitest";
import { invoke } from "./invoke.js";
import { tinyFlags, writeBook } from "./texts.js";

// Each test starts the program several times.
vi.setConfig({ testTimeout: 300_000 });

const bin = fileURLToPath(new URL("../dist/bin.js", import.meta.url));
const windows = process.platform === "win32";
const hasTaskset = spawnSync("taskset", ["--version"]).status === 0;

interface Surroundings {
  folder: string;
  env?: NodeJS.ProcessEnv;
  /** Flags of Node. */
  node?: readonly string[];
  /** A command that starts it. */
  through?: readonly string[];
}

function charlstm(args: readonly string[], { folder, env = {}, node = [], through = [] }: Surroundings) {
  const [command, ...rest] = [...through, process.execPath, ...node, bin, ...args];
  const options = { cwd: folder, env: { ...process.env, INIT_CWD: undefined, ...env }, encoding: "utf8" as const };
  return spawnSync(command!, rest, options);
}

function folderWithBook(): string {
  const folder = temporaryFolder();
  writeBook(folder);
  return folder;
}

const train = ["train", "book.txt", ...tinyFlags, "--max-steps", "5", "--out", "run"];

/** A session: trains, goes on, writes; returns what was written. */
function session(surroundings: Surroundings, first: readonly string[] = train): string {
  const steps = [
    first,
    ["train", "--resume", "run", "--max-steps", "8"],
    ["generate", "run", "--length", "30", "--seed", "1"],
  ];
  let written = "";
  for (const args of steps) {
    const { status, stdout, stderr } = charlstm(args, surroundings);
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    written = stdout;
  }
  expect([...written.trimEnd()].length).toBeGreaterThan(0);
  return written;
}

const homes = {
  "that does not exist": () => join(temporaryFolder(), "nobody"),
  "that is a file": () => {
    const file = join(temporaryFolder(), "home");
    writeFileSync(file, "");
    return file;
  },
  "that cannot be written": () => {
    const folder = join(temporaryFolder(), "home");
    mkdirSync(folder, { mode: 0o555 });
    chmodSync(folder, 0o555);
    return folder;
  },
};

describe.each(Object.entries(homes))("with a home folder %s", (_, makeHome) => {
  const surroundings = (folder: string): Surroundings => {
    const home = makeHome();
    const env = { HOME: home, USERPROFILE: home, LOCALAPPDATA: home, APPDATA: home, XDG_CACHE_HOME: undefined };
    return { folder, env };
  };

  test("a book from a file trains, goes on and writes", () => {
    session(surroundings(folderWithBook()));
  });

  test("a book that would have to be fetched is said to be out of reach", () => {
    const { status, stderr } = charlstm(["corpus", "1342", "--offline"], surroundings(temporaryFolder()));
    expect(status).toBe(1);
    expect(stderr).toMatch(/offline/i);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test.runIf(hasTaskset)("on one core the engine takes one thread, and the same text comes out", () => {
  const [flag, count] = ["--threads", "1"];
  const unasked = train.filter((word, index) => word !== flag && !(word === count && train[index - 1] === flag));
  const folder = folderWithBook();
  const written = session({ folder, through: ["taskset", "--cpu-list", "0"] }, unasked);
  const { backend } = JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8")) as { backend: object };
  expect(backend).toMatchObject({ threads: 1 });
  expect(session({ folder: folderWithBook() })).toBe(written);
});

test("the notebook's network trains in 512 MB, Node and a small heap of its own included", () => {
  const folder = temporaryFolder();
  writeBook(folder, 20_000);
  const report = "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + ' kB'))";
  const flags = ["--max-old-space-size=128", `--import=data:text/javascript,${encodeURIComponent(report)}`];
  const notebook = ["train", "book.txt", "--preset", "notebook", "--recipe", "gutenberg", "--max-steps", "2"];
  const { status, stderr } = charlstm([...notebook, "--sample-length", "20", "--out", "run"], { folder, node: flags });
  expect(status).toBe(0);
  expect(Number(/peak (\d+) kB/.exec(stderr)?.[1])).toBeLessThan(512 * 1024);
});

test("a book of one's own is trained and written without opening a connection", () => {
  const guard = `
    import net from "node:net";
    import dns from "node:dns";
    const refuse = (what) => () => { process.stderr.write("opened " + what); process.exit(99); };
    net.Socket.prototype.connect = refuse("a connection");
    dns.lookup = refuse("a look-up");
    globalThis.fetch = refuse("a request");
  `;
  const folder = folderWithBook();
  const node = [`--import=data:text/javascript,${encodeURIComponent(guard)}`];
  session({ folder, node });
  // The guard would have noticed: without the book, train asks Project Gutenberg.
  expect(charlstm(["corpus", "1342"], { folder, node, env: { XDG_CACHE_HOME: temporaryFolder() } }).status).toBe(99);
});

describe.skipIf(windows)(`permissions${windows ? " (skipped: Windows has others)" : ""}`, () => {
  test.each([
    { umask: "022", forbidden: 0o133, folders: 0o022 },
    { umask: "077", forbidden: 0o177, folders: 0o077 },
  ])("what a run writes under umask $umask is never executable, nor open to more than that allows", (expected) => {
    const folder = folderWithBook();
    const through = ["sh", "-c", `umask ${expected.umask} && exec "$@"`, "sh"];
    expect(charlstm(train, { folder, through }).status).toBe(0);
    const names = readdirSync(join(folder, "run"), { recursive: true, encoding: "utf8" });
    expect(names).toContain("run.json");
    const tooOpen = names.filter((name) => {
      const status = statSync(join(folder, "run", name));
      return (status.mode & (status.isDirectory() ? expected.folders : expected.forbidden)) !== 0;
    });
    expect(tooOpen).toEqual([]);
  });
});

test("a text with CRLF lines trains the same model as with LF", async () => {
  const modelOf = async (ending: string) => {
    const folder = folderWithBook();
    const book = join(folder, "book.txt");
    writeFileSync(book, readFileSync(book, "utf8").replaceAll(/\r?\n/g, ending));
    await invoke(train, { folder });
    const { corpus } = JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8")) as {
      corpus: { textSha256: string };
    };
    return { weights: readFileSync(join(folder, "run", "model", "weights.bin")), text: corpus.textSha256 };
  };
  expect(await modelOf("\r\n")).toEqual(await modelOf("\n"));
});
