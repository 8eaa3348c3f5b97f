// Users of the published packages, each in an empty folder: what it installs, and what has to work then.
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command, withPnpm } from "./command.mjs";
import { serving } from "./serving.mjs";

const tfjs = "@tensorflow/tfjs-core@4 @tensorflow/tfjs-layers@4 @tensorflow/tfjs-backend-cpu@4";
const libraries = ["sampling", "vectorize", "corpus", "engine", "model", "training", "formats"].map(
  (name) => `@charlstm/${name}`,
);
const install = "npm install --no-audit --no-fund --loglevel=error";
const chromium = process.env.CHARLSTM_CHROMIUM;

export const projects = {
  /** `npx` with nothing installed, as the README's first line says. */
  async npx(folder, { environment, published }) {
    writeBook(join(folder, "book.txt"));
    const { version } = published.find(({ name }) => name === "charlstm");
    same((await command("npx --yes charlstm --version", folder, environment)).stdout.trim(), version);
    const train = "npx --yes charlstm train book.txt --units 16 --window 20 --batch 8 --max-steps 20 --out runs/first";
    await command(train, folder, environment);
    const generate = "npx --yes charlstm generate runs/first --length 50 --temperature 0.5 --seed 1";
    const { stdout } = await command(generate, folder, environment);
    if ([...stdout.trim()].length < 50) throw new Error(`generate wrote too little: ${JSON.stringify(stdout)}`);
    await command("npx --yes charlstm train --resume runs/first --max-steps 30", folder, environment);
  },

  /** Every library from JavaScript, without TensorFlow.js, in pnpm's folders, where nothing undeclared can be found. */
  async esm(folder, { environment }) {
    prepare("esm", folder);
    await withPnpm(`pnpm add ${libraries.join(" ")}`, folder, environment);
    await command("node main.js", folder, environment);
  },

  /** TypeScript at its strictest, the libraries' own declarations checked too, both ways to find modules. */
  async typescript(folder, { environment }) {
    prepare("typescript", folder);
    await command(`${install} ${libraries.join(" ")} ${tfjs} typescript@5 @types/node@20`, folder, environment);
    for (const resolution of ["bundler", "nodenext"]) {
      await command(`npx tsc --project tsconfig.${resolution}.json --skipLibCheck`, folder, environment);
      // TensorFlow.js's own declarations do not pass this; ours have to.
      const everything = command(`npx tsc --project tsconfig.${resolution}.json --noEmit`, folder, environment);
      const ours = (await everything.catch(({ message }) => ({ stdout: message }))).stdout.match(/^.*@charlstm.*$/gm);
      if (ours) throw new Error(ours.join("\n"));
    }
    await command("node dist/main.js", folder, environment);
  },

  /** Vite: built for production, then trained in a page. */
  async vite(folder, { environment }) {
    prepare("vite", folder);
    await command(`${install} @charlstm/training @charlstm/vectorize vite@7`, folder, environment);
    await command("npx vite build", folder, environment);
    await serving("node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port", folder, environment, inPage);
  },

  /** Next: imported by the server while it renders, bundled for the page, by Turbopack and by webpack. */
  async next(folder, { environment }) {
    prepare("next", folder);
    const packages = "@charlstm/sampling @charlstm/training @charlstm/vectorize @charlstm/model";
    await command(`${install} ${packages} next@16 react@19 react-dom@19`, folder, environment);
    for (const bundler of ["--turbopack", "--webpack"]) {
      await command(`npx next build ${bundler}`, folder, environment);
      await serving(
        "node node_modules/next/dist/bin/next start --hostname 127.0.0.1 --port",
        folder,
        environment,
        onServerAndInPage,
      );
    }
  },
};

/** In a browser the page trains. */
async function inPage(address, folder, environment) {
  if (!chromium) {
    console.log("     not opened: CHARLSTM_CHROMIUM names no browser");
    return;
  }
  await command(`${install} --no-save playwright-core@1`, folder, environment);
  await command(`node check-page.mjs ${address}`, folder, environment);
}

/** The server writes into the page what it drew, trains itself when asked, and its page trains. */
async function onServerAndInPage(address, folder, environment) {
  const page = await (await fetch(address)).text();
  if (!/the server drew \d/.test(page)) throw new Error(`the page came without the server's text:\n${page}`);
  const { losses } = await (await fetch(`${address}trained`)).json();
  if (!(losses.at(-1) < losses[0])) throw new Error(`the server's losses: ${losses}`);
  await inPage(address, folder, environment);
}

function prepare(name, folder) {
  cpSync(fileURLToPath(new URL(`projects/${name}`, import.meta.url)), folder, { recursive: true });
  for (const shared of ["vite", "next"].includes(name) ? ["check-page.mjs", "train-in-page.js"] : []) {
    cpSync(fileURLToPath(new URL(`projects/${shared}`, import.meta.url)), join(folder, shared));
  }
  writeFileSync(join(folder, "package.json"), '{ "name": "someones-project", "private": true, "type": "module" }\n');
}

function writeBook(file) {
  const line = "It was a bright morning, and the sea lay still; nobody spoke, for there was nothing to say.";
  writeFileSync(file, `${Array.from({ length: 60 }, (_, index) => `Chapter ${index + 1}. ${line}`).join("\n")}\n`);
}

function same(actual, expected) {
  if (actual !== expected) throw new Error(`got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
}
