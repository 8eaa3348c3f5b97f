import { FormatError } from "./errors.js";

/** An object of an untrusted JSON text. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses JSON out of a file. @throws {FormatError} `CORRUPT_FILE`. */
export function parseJson(text: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FormatError("CORRUPT_FILE", `${what} is not valid JSON: copy the file again`, { what }, { cause });
  }
  return objectOf(value, what);
}

/** @throws {FormatError} `CORRUPT_FILE` when the value is no JSON object. */
export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FormatError("CORRUPT_FILE", `${what} should be a JSON object`, { what });
  }
  return value as JsonObject;
}

export function arrayOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new FormatError("CORRUPT_FILE", `${what} should be a JSON array`, { what });
  return value;
}

export function stringOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw new FormatError("CORRUPT_FILE", `${what} should be text`, { what });
  return value;
}

/** A shape: whole numbers from 0 on, whose product is exact. */
export function shapeOf(value: unknown, what: string): readonly number[] {
  const shape = arrayOf(value, what) as readonly number[];
  const isLength = (length: unknown) => typeof length === "number" && Number.isSafeInteger(length) && length >= 0;
  if (shape.every(isLength) && Number.isSafeInteger(shape.reduce((product, length) => product * length, 1)))
    return shape;
  throw new FormatError("CORRUPT_FILE", `${what} is ${shown(value)}, expected whole numbers`, { what });
}

/** How a value out of a file is shown in a message: text as it is, other things as JSON, nothing at length. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** A whole number above 0. */
export function countOf(value: unknown, what: string): number {
  if (!(typeof value === "number" && Number.isSafeInteger(value) && value > 0)) {
    throw new FormatError("CORRUPT_FILE", `${what} is ${shown(value)}, expected a whole number above 0`, {
      what,
      value,
    });
  }
  return value;
}

/** A number that may be missing or null. */
export function optionalNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Bytes as UTF-8 text. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
