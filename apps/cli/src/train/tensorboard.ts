// TensorBoard's event files without TensorFlow: each record is a TFRecord that holds a protobuf Event.
//   record  uint64 length, uint32 masked CRC-32C of the length's bytes, the data, uint32 masked CRC-32C of the data; little-endian
//   Event   1: double wall_time, 2: int64 step, 3: string file_version, 5: Summary { 1: Value { 1: string tag, 2: float simple_value } }
// See tensorflow/core/util/event.proto, summary.proto and lib/io/record_writer.h.
import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { EpochMetrics } from "@charlstm/training";
import crc32c from "crc-32/crc32c.js";
import { appendOwnFile } from "../files/own-files.js";

/** Figures by name; TensorBoard groups names by what stands before the slash. */
export type Scalars = Readonly<Record<string, number>>;

/** A file that TensorBoard reads while it grows. */
export interface EventFile {
  /** Adds the figures of one step. */
  write(step: number, scalars: Scalars): Promise<void>;
}

/** Begins an event file in a folder; a resumed run begins another, as TensorBoard expects. */
export async function createEventFile(folder: string, now: () => number = Date.now): Promise<EventFile> {
  await mkdir(folder, { recursive: true });
  const event = (fill: (writer: BinaryWriter) => void) => {
    const writer = new BinaryWriter();
    fill(writer.tag(1, WireType.Bit64).double(now() / 1000));
    return tfRecord(writer.finish());
  };
  const start = event((writer) => writer.tag(3, WireType.LengthDelimited).string("brain.Event:2"));
  const path = await writeEventFile(folder, Math.floor(now() / 1000), start);
  return {
    write: (step, scalars) =>
      appendOwnFile(
        path,
        event((writer) => {
          writer.tag(2, WireType.Varint).int64(step).tag(5, WireType.LengthDelimited).fork();
          for (const [tag, value] of Object.entries(scalars)) {
            writer.tag(1, WireType.LengthDelimited).fork();
            writer.tag(1, WireType.LengthDelimited).string(tag).tag(2, WireType.Bit32).float(value).join();
          }
          writer.join();
        }),
      ),
  };
}

/** Makes a file that there was not; two runs may begin in one second, and have one process number in two containers. */
async function writeEventFile(folder: string, seconds: number, start: Uint8Array): Promise<string> {
  const time = String(seconds).padStart(10, "0");
  const path = join(folder, `events.out.tfevents.${time}.${hostname()}.${process.pid}`);
  try {
    await writeFile(path, start, { flag: "wx" });
    return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return await writeEventFile(folder, seconds + 1, start);
  }
}

/** The figures of an epoch under TensorBoard's names. */
export function epochScalars({
  loss,
  heldOutLoss,
  learningRate,
  gradientNorm,
  charactersPerSecond,
}: EpochMetrics): Scalars {
  return {
    "loss/train": loss,
    ...(heldOutLoss === undefined ? {} : { "loss/held_out": heldOutLoss }),
    learning_rate: learningRate,
    gradient_norm: gradientNorm,
    characters_per_second: charactersPerSecond,
  };
}

function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return record;
}

/** TFRecord's mask: a checksum of data that holds checksums would be weak. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
