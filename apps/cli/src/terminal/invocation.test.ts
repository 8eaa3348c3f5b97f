import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { commandLine, invocationOf } from "./invocation.js";

const npm = "npm/11.19.1 node/v20.20.2 linux x64";
const pnpm = "pnpm/10.34.8 npm/? node/v20.20.2 linux x64";
const clone = { npm_package_name: "charlstm-monorepo" };
const cli = { npm_package_name: "@charlstm/cli", npm_lifecycle_event: "start" };
const theirs = { npm_package_name: "novelist", npm_lifecycle_event: "write" };

test.each([
  ["npm start", { npm_config_user_agent: npm, ...clone, npm_lifecycle_event: "start" }, "npm run charlstm --"],
  [
    "npm run charlstm",
    { npm_config_user_agent: npm, ...clone, npm_lifecycle_event: "charlstm" },
    "npm run charlstm --",
  ],
  ["pnpm start", { npm_config_user_agent: pnpm, ...clone, npm_lifecycle_event: "start" }, "pnpm run charlstm"],
  ["pnpm --filter cli start", { npm_config_user_agent: pnpm, ...cli }, "pnpm --filter cli start"],
  ["npm start in the package's folder", { npm_config_user_agent: npm, ...cli }, "npm start --"],
  ["npx in a clone", { npm_config_user_agent: npm, ...clone, npm_lifecycle_event: "npx" }, "npx charlstm"],
  ["npx elsewhere", { npm_config_user_agent: npm, npm_lifecycle_event: "npx" }, "npx charlstm"],
  ["a script of somebody's own", { npm_config_user_agent: npm, ...theirs }, "npx charlstm"],
  ["pnpm exec", { npm_config_user_agent: pnpm }, "pnpm exec charlstm"],
  ["bunx", { npm_config_user_agent: "bun/1.4.5" }, "bunx charlstm"],
  ["something that only looks like a package manager", { npm_config_user_agent: "constructor/1" }, "charlstm"],
  ["an installed command", {}, "charlstm"],
])("started by %s, a command begins with what starts it again", (_, environment, expected) => {
  expect(invocationOf(environment, "/home/me/.local/bin/charlstm", "/home/me")).toBe(expected);
});

test.each([
  ["/home/me/charlstm/apps/cli/dist/bin.js", "/home/me/charlstm", "node apps/cli/dist/bin.js"],
  ["/home/me/charlstm/apps/cli/dist/bin.js", "/home/me/texts", "node /home/me/charlstm/apps/cli/dist/bin.js"],
  ["/home/me/the clone/bin.js", "/", "node 'home/me/the clone/bin.js'"],
  ["/home/me/project/node_modules/@charlstm/cli/bin.js", "/home/me/project", "charlstm"],
])("%s, started from %s, is started again by %s", (script, folder, expected) => {
  expect(invocationOf({}, script, folder)).toBe(expected);
});

test("a path with a space is one word of a printed command", () => {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const io = { ...streams, env: {}, folder: "/", invocation: "npx charlstm", signal: new AbortController().signal };
  expect(commandLine(io, "generate", "/my runs/a")).toBe("npx charlstm generate '/my runs/a'");
});
