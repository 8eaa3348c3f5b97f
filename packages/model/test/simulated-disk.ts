// A disk in memory that knows what a power cut may take: a file's bytes until the file is synced, a folder's new, renamed and
// removed entries until the folder is synced, each change or any part of them. A rename within a folder is one change.
import { basename, dirname } from "node:path";
import type { FileSystem } from "../src/checkpoint/file-system.js";

interface File {
  kind: "file";
  inode: number;
  mode: number;
  bytes: Uint8Array;
  /** What is on the disk for certain. */
  durable: Uint8Array;
}
interface Folder {
  kind: "folder";
  inode: number;
  mode: number;
  changed: number;
  entries: Map<string, Node>;
  durable: Map<string, Node>;
  /** Changes of entries since the last sync. */
  pending: Change[];
}
type Node = File | Folder;
/** Entries that get a node, or lose it. */
type Change = readonly (readonly [name: string, node: Node | undefined])[];

/** What reached the disk at a power cut: `choose(n)` is asked for a number below `n` for each thing that may or may not have. */
export type Chance = (options: number) => number;

export interface DiskHabits {
  /** A disk that says it has synced a file, and has not. */
  forgetsFiles?: boolean;
  /** The same for folders. */
  forgetsFolders?: boolean;
}

let lastInode = 0;

export class SimulatedDisk implements FileSystem {
  openHandles = 0;
  private clock = 0;
  constructor(
    private readonly habits: DiskHabits = {},
    private root: Folder = makeFolder(0o755),
  ) {}

  async lstat(path: string) {
    const node = this.find(path);
    return {
      isDirectory: () => node.kind === "folder",
      isFile: () => node.kind === "file",
      dev: 1,
      ino: node.inode,
      ctimeMs: node.kind === "folder" ? node.changed : 0,
    };
  }

  async mkdir(path: string, { recursive = false, mode }: { recursive?: boolean; mode: number }) {
    const parent = this.folder(dirname(path));
    if (parent.entries.has(basename(path))) {
      if (recursive) return;
      throw systemError("EEXIST", path);
    }
    this.change(parent, [[basename(path), makeFolder(mode)]]);
  }

  async open(path: string, flags: string, mode = 0o666) {
    let node: Node;
    if (flags === "wx") {
      const parent = this.folder(dirname(path));
      if (parent.entries.has(basename(path))) throw systemError("EEXIST", path);
      node = { kind: "file", inode: ++lastInode, mode, bytes: new Uint8Array(), durable: new Uint8Array() };
      this.change(parent, [[basename(path), node]]);
    } else {
      node = this.find(path);
    }
    this.openHandles += 1;
    return {
      writeFile: async (bytes: Uint8Array) => {
        if (node.kind === "file") node.bytes = Uint8Array.from(bytes);
      },
      sync: async () => this.sync(node),
      close: async () => {
        this.openHandles -= 1;
      },
    };
  }

  async readdir(path: string) {
    return [...this.folder(path).entries.keys()];
  }

  async readFile(path: string) {
    const node = this.find(path);
    if (node.kind === "folder") throw systemError("EISDIR", path);
    return Uint8Array.from(node.bytes);
  }

  async rename(from: string, to: string) {
    const parent = this.folder(dirname(from));
    if (dirname(to) !== dirname(from)) throw systemError("EXDEV", to);
    const node = this.find(from);
    const taken = parent.entries.get(basename(to));
    if (taken?.kind === "folder" && taken.entries.size > 0) throw systemError("ENOTEMPTY", to);
    this.change(parent, [
      [basename(from), undefined],
      [basename(to), node],
    ]);
    if (node.kind === "folder") node.changed = ++this.clock;
  }

  async rm(path: string, { recursive, force }: { recursive: boolean; force: boolean }) {
    const parent = this.folder(dirname(path));
    const node = parent.entries.get(basename(path));
    if (!node && force) return;
    if (!node) throw systemError("ENOENT", path);
    if (node.kind === "folder") {
      if (!recursive) throw systemError("EISDIR", path);
      for (const name of [...node.entries.keys()]) await this.rm(`${path}/${name}`, { recursive, force });
    }
    this.change(parent, [[basename(path), undefined]]);
  }

  /** The disk as it may be after a power cut now. */
  afterPowerCut(chance: Chance): SimulatedDisk {
    const survivors = new Map<Node, Node>();
    const survive = (node: Node): Node => {
      const known = survivors.get(node);
      if (known) return known;
      if (node.kind === "file") {
        const bytes = this.survivingBytes(node, chance);
        const file: File = { ...node, bytes, durable: bytes };
        survivors.set(node, file);
        return file;
      }
      const folder: Folder = { ...makeFolder(node.mode), inode: node.inode, changed: node.changed };
      survivors.set(node, folder);
      const entries = new Map(node.durable);
      for (const change of node.pending) if (chance(2) === 1) apply(entries, change);
      for (const [name, child] of entries) folder.entries.set(name, survive(child));
      folder.durable = new Map(folder.entries);
      return folder;
    };
    return new SimulatedDisk(this.habits, survive(this.root) as Folder);
  }

  private survivingBytes({ bytes, durable }: File, chance: Chance): Uint8Array {
    if (bytes === durable) return bytes;
    return [durable, bytes.subarray(0, bytes.length >> 1), bytes][chance(3)]!;
  }

  private sync(node: Node): void {
    if (node.kind === "file") {
      if (!this.habits.forgetsFiles) node.durable = node.bytes;
    } else if (!this.habits.forgetsFolders) {
      node.durable = new Map(node.entries);
      node.pending = [];
    }
  }

  private change(folder: Folder, change: Change): void {
    apply(folder.entries, change);
    folder.pending.push(change);
    folder.changed = ++this.clock;
  }

  private find(path: string): Node {
    let node: Node = this.root;
    for (const name of path.split("/").filter((part) => part !== "")) {
      if (node.kind === "file") throw systemError("ENOTDIR", path);
      const next = node.entries.get(name);
      if (!next) throw systemError("ENOENT", path);
      node = next;
    }
    return node;
  }

  private folder(path: string): Folder {
    const node = this.find(path);
    if (node.kind === "file") throw systemError("ENOTDIR", path);
    return node;
  }
}

/** An error as the system raises it. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function makeFolder(mode: number): Folder {
  return { kind: "folder", inode: ++lastInode, mode, changed: 0, entries: new Map(), durable: new Map(), pending: [] };
}

function apply(entries: Map<string, Node>, change: Change): void {
  for (const [name, node] of change) {
    if (node) entries.set(name, node);
    else entries.delete(name);
  }
}
