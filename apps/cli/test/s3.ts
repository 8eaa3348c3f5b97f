import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

const key = "AKIDEXAMPLE";
const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/** A storage with S3's three requests, which checks every signature by Amazon's description of version 4. */
export async function startS3(): Promise<{ env: Record<string, string>; objects: Map<string, Buffer> }> {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const path = new URL(request.url!, "http://x").pathname;
    if (!isSigned(request, path)) response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
    else if (request.method === "PUT") {
      objects.set(path, body);
      response.end();
    } else if (request.method === "DELETE") {
      objects.delete(path);
      response.writeHead(204).end();
    } else if (objects.has(path)) response.end(objects.get(path));
    else response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    AWS_ACCESS_KEY_ID: key,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_REGION: "eu-west-3",
    AWS_ENDPOINT_URL: address,
  };
  return { env, objects };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function isSigned({ method, headers }: IncomingMessage, path: string): boolean {
  const [, scope = "", names = "", given] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  const lines = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, "", lines.join(""), names, headers["x-amz-content-sha256"]].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hash].join("\n");
  const hmac = (with_: string | Buffer, text: string) => createHmac("sha256", with_).update(text).digest();
  const signing = scope.split("/").reduce<string | Buffer>((with_, part) => hmac(with_, part), `AWS4${secret}`);
  return hmac(signing, toSign).toString("hex") === given;
}
