import { ModelError } from "../errors.js";
import type { JsonObject } from "./types.js";

/** Nesting beyond which a record is taken for circular. */
const deepest = 100;

/** Whether `value` is an object as JSON knows it, not an array or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Refuses what JSON would change on the way (NaN and infinity become null, a Map becomes `{}`): a run that goes on from such a
 * record would differ. A property that is undefined is left out, and may be.
 *
 * @throws {ModelError} `NOT_JSON`, naming the place.
 */
export function checkJson(value: unknown, path: string, depth = 0): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (depth > deepest) throw notJson(path, "nested too deeply, or in itself");
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) checkJson(value[index], `${path}[${index}]`, depth + 1);
  } else if (isPlain(value)) {
    for (const [name, entry] of Object.entries(value)) {
      if (entry !== undefined) checkJson(entry, `${path}.${name}`, depth + 1);
    }
  } else {
    throw notJson(path, typeof value === "object" ? `a ${value.constructor?.name}` : String(value));
  }
}

function notJson(path: string, given: string): ModelError {
  return new ModelError(
    "NOT_JSON",
    `${path} is ${given}, which JSON cannot hold: store finite numbers and plain objects`,
    {
      path,
      given,
    },
  );
}

/** Objects of another realm (a worker's, a test's) count too. */
function isPlain(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
