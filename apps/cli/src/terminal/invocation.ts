import { relative } from "node:path";
import { type Io, shellWord } from "./io.js";

/** Names of this repository's root and of this package: scripts of theirs start the program in a clone. */
const ourPackages: ReadonlySet<string> = new Set(["charlstm-monorepo", "@charlstm/cli"]);

/**
 * How the program was started, as the words to type before a command's name: what it prints has to work where the user
 * stands, and in a clone, or for one who used `npx`, there is no `charlstm` on the PATH.
 *
 * @param environment What npm, pnpm, yarn and bun say of themselves there.
 * @param script The file that runs (`process.argv[1]`).
 * @param folder Where the user stands.
 */
export function invocationOf(
  environment: Readonly<Record<string, string | undefined>>,
  script: string,
  folder: string,
): string {
  const manager = environment.npm_config_user_agent?.split("/")[0];
  if (manager === undefined || !Object.hasOwn(runners, manager)) return withoutManager(script, folder);
  const { npm_lifecycle_event: name = "", npm_package_name: owner = "" } = environment;
  if (!ourPackages.has(owner) || !["start", "charlstm"].includes(name)) return runners[manager as Manager](script);
  if (owner === "@charlstm/cli") return `${manager} --filter cli start`.replace(/^npm .*/, "npm start --");
  // The root's `start` is `train` alone.
  return `${manager} run charlstm${manager === "npm" ? " --" : ""}`;
}

type Manager = keyof typeof runners;

/** What runs a package's command: `npx`, and their like; also for one whose own script calls it. */
const runners = {
  npm: () => "npx charlstm",
  pnpm: (script: string) => (/[\\/]dlx[\\/]/.test(script) ? "pnpm dlx charlstm" : "pnpm exec charlstm"),
  yarn: () => "yarn charlstm",
  bun: () => "bunx charlstm",
};

/** An installed command, or a file of a clone that was given to Node. */
function withoutManager(script: string, folder: string): string {
  if (!/\.[cm]?js$/.test(script) || /[\\/]node_modules[\\/]/.test(script)) return "charlstm";
  const near = relative(folder, script);
  return `node ${shellWord(near.startsWith("..") ? script : near)}`;
}

/** A command of ours as it can be typed. */
export function commandLine(io: Io, ...words: readonly string[]): string {
  return [io.invocation, ...words.map(shellWord)].join(" ");
}
