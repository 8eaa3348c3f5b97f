// Compresses the novel that `train` falls back on into the build, so that users install no data package.
import { writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { novelName, readNovel } from "@charlstm/novel";

const output = new URL("../dist/novel.txt.br", import.meta.url);
const compressed = brotliCompressSync(readNovel());
writeFileSync(output, compressed);
process.stdout.write(`${novelName}: ${compressed.length} bytes\n`);
