import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** A port on loopback that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until a server answers; rejects when its process ends first, or after 30 seconds. */
export async function answers(address, child) {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`the server of ${address} ended with exit code ${child.exitCode}`);
    const response = await fetch(address).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no answer from ${address} after 30 seconds`);
}

/**
 * Runs `line PORT`, a server, while `use(address, folder, environment)` looks at it.
 *
 * @param {string} line `node <file> ...`: run by this Node, so that the server itself is what ends.
 */
export async function serving(line, folder, environment, use) {
  const port = await freePort();
  const [, ...words] = line.split(" ");
  const env = { ...process.env, ...environment, NEXT_TELEMETRY_DISABLED: "1" };
  const child = spawn(process.execPath, [...words, String(port)], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    const address = `http://127.0.0.1:${port}/`;
    await answers(address, child);
    await use(address, folder, environment);
  } finally {
    child.kill();
  }
}
