// A registry of our own on loopback: what is published stays in it, everything else comes from the registry that npm is
// configured with.
import { execSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { run } from "../run.mjs";
import { answers, freePort } from "./serving.mjs";

const version = "6.8.0";
const home = join(root, ".tools", `verdaccio-${version}`);
const storage = join(root, ".tools", "publish-trial-storage");

/**
 * Starts an empty registry.
 *
 * @param {string} folder Where its settings and its log go.
 * @param {string} npmrc The settings file that makes npm and pnpm use it.
 * @returns {Promise<{ address: string, stop: () => void }>}
 */
export async function startRegistry(folder, npmrc) {
  await haveVerdaccio();
  const upstream = execSync("npm config get registry", { cwd: root, encoding: "utf8" }).trim();
  const port = await freePort();
  const address = `http://127.0.0.1:${port}/`;
  // Copies of other people's packages are kept for the next trial; ours are published anew.
  for (const ours of ["charlstm", "@charlstm"]) rmSync(join(storage, ours), { recursive: true, force: true });
  const settings = {
    storage,
    uplinks: { upstream: { url: upstream, timeout: "60s", max_fails: 100, fail_timeout: "1s" } },
    packages: {
      "@charlstm/*": { access: "$all", publish: "$all" },
      charlstm: { access: "$all", publish: "$all" },
      "**": { access: "$all", publish: "nobody", proxy: "upstream" },
    },
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: -1 } },
    middlewares: { audit: { enabled: false } },
    web: { enable: false },
    max_body_size: "50mb",
    log: { type: "file", path: join(folder, "registry.log"), level: "warn" },
  };
  // JSON is YAML.
  const file = join(folder, "verdaccio.yaml");
  writeFileSync(file, JSON.stringify(settings, null, 2));
  // Publishing wants a token, whatever it is.
  writeFileSync(npmrc, `registry=${address}\n//127.0.0.1:${port}/:_authToken=nobody\n`);
  const command = join(home, "node_modules", "verdaccio", "bin", "verdaccio");
  const child = spawn(process.execPath, [command, "--config", file, "--listen", `127.0.0.1:${port}`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = () => child.kill();
  process.on("exit", stop);
  await answers(`${address}-/ping`, child);
  return { address, stop };
}

async function haveVerdaccio() {
  if (existsSync(home)) return;
  const aside = `${home}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  // Verdaccio asks for the tag node-fetch@cjs, which not every mirror keeps; it is this version.
  writeFileSync(join(aside, "package.json"), '{ "private": true, "overrides": { "node-fetch": "^2.7.0" } }\n');
  const words = ["install", "--no-package-lock", "--ignore-scripts", "--loglevel=error", `verdaccio@${version}`];
  const code = await run("npm", words, { cwd: aside, quiet: true, shell: true });
  if (code !== 0) throw new Error(`npm could not install verdaccio ${version} (exit code ${code})`);
  renameSync(aside, home);
}
