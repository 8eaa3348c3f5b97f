// S3-compatible storage: three requests, signed by aws4fetch, which is all that an SDK of hundreds of packages would do here.
import { CliError } from "../errors.js";
import type { Io } from "../terminal/io.js";
import { packageNeeded } from "./connect.js";
import type { Store } from "./store.js";

/** Times that a request is tried again when the server errs or is too busy: some seconds in all. */
const retries = 4;

/**
 * Under `s3://bucket/folder`, with the key, the region and the address that the environment names as Amazon's own tools have them.
 *
 * @throws {CliError} `PACKAGE_NEEDED`; `BAD_USAGE` without a key.
 */
export async function createS3Store(io: Io, address: string): Promise<Store> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION = "us-east-1" } = io.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new CliError("BAD_USAGE", `--store ${address} needs a key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`);
  const { AwsClient } = await import("aws4fetch").catch((cause: unknown) => {
    throw packageNeeded("--store s3://", ["aws4fetch"], cause);
  });
  const client = new AwsClient({
    ...{
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      service: "s3",
      region: AWS_REGION,
      retries,
    },
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  });
  const [, bucket = "", folder = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(address) ?? [];
  const server = io.env.AWS_ENDPOINT_URL ?? `https://s3.${AWS_REGION}.amazonaws.com`;
  const urlOf = (name: string) => [server.replace(/\/$/, ""), bucket, ...(folder ? [folder] : []), name].join("/");
  async function send(method: string, name: string, body?: Uint8Array): Promise<Response> {
    let status: string;
    try {
      const response = await client.fetch(urlOf(name), { method, ...(body && { body: Buffer.from(body) }) });
      if (response.ok || (response.status === 404 && method !== "PUT")) return response;
      status = `${response.status} ${/<Code>(\w+)/.exec(await response.text())?.[1] ?? response.statusText}`;
    } catch (cause) {
      const { message } = ((cause as Error).cause ?? cause) as Error;
      throw new CliError(
        "STORE_UNREACHABLE",
        `${address} cannot be reached (${message}): correct --store or AWS_ENDPOINT_URL`,
        { cause },
      );
    }
    if (/^507|Quota|StorageFull/i.test(status))
      throw new CliError(
        "STORE_FULL",
        `${address} has no space left (${status}): make some; trials go on from what was saved`,
      );
    throw new CliError(
      "STORE_UNREACHABLE",
      `${address} refuses (${status}): correct --store, or the key, region and address in AWS_…`,
    );
  }
  return {
    shown: address,
    async put(name, bytes) {
      await send("PUT", name, bytes);
    },
    async get(name) {
      const response = await send("GET", name);
      return response.status === 404 ? undefined : new Uint8Array(await response.arrayBuffer());
    },
    async remove(name) {
      await send("DELETE", name);
    },
  };
}
