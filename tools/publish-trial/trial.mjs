// `pnpm publish-trial [project...]`: a whole release against a registry of our own, then its users. See README.md.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projects } from "./projects.mjs";
import { copyRepository, inspect, publish } from "./publish.mjs";
import { startRegistry } from "./registry.mjs";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in projects));
if (unknown.length > 0) {
  console.error(`there is no project ${unknown.join(", ")}; there are ${Object.keys(projects).join(", ")}`);
  process.exit(2);
}
const chosen = names.length > 0 ? names : Object.keys(projects);

const folder = realpathSync(mkdtempSync(join(tmpdir(), "charlstm-publish-")));
const npmrc = join(folder, "npmrc");
let failed = 0;
const registry = await startRegistry(folder, npmrc);
try {
  // Caches of its own: a new user has none, and what an earlier trial published under a version is not this trial's.
  const environment = {
    NPM_CONFIG_USERCONFIG: npmrc,
    npm_config_cache: join(folder, "npm-cache"),
    npm_config_store_dir: join(folder, "pnpm-store"),
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  const copy = join(folder, "repository");
  const published = await step("changeset version, build, pnpm -r publish", async () => {
    await copyRepository(copy);
    return publish(copy, environment);
  });
  for (const manifest of published ?? []) {
    const { name, version } = manifest;
    await step(`${name}@${version} from the registry`, async () => {
      const { size, files } = await inspect(manifest, join(folder, "tarballs", name), environment);
      console.log(`     ${files} files, ${Math.round(size / 1000)} kB`);
    });
  }
  for (const name of published ? chosen : []) {
    const place = join(folder, "projects", name);
    mkdirSync(place, { recursive: true });
    await step(name, () => projects[name](place, { environment, published }));
  }
} finally {
  registry.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
console.log(failed === 0 ? "The packages are ready to publish." : `${failed} steps failed.`);
process.exitCode = failed === 0 ? 0 : 1;

async function step(title, action) {
  const start = performance.now();
  try {
    const result = await action();
    console.log(`ok   ${title} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    failed++;
    console.log(`FAIL ${title}\n${error.message}`);
    return undefined;
  }
}
