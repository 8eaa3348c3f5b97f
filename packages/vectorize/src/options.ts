import { VectorizeError } from "./errors.js";

/** @throws {VectorizeError} `BAD_OPTION` when `value` is not a whole number from `least` to `most`. */
export function checkWhole(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
    const given = typeof value === "string" ? JSON.stringify(value) : String(value);
    throw new VectorizeError("BAD_OPTION", `${name} is ${given}, expected a whole number, ${range}`, {
      name,
      given: value,
      least,
      most,
    });
  }
}

/** @throws {VectorizeError} `BAD_OPTION` when `value` is not true or false. */
export function checkBoolean(name: string, value: boolean): void {
  if (typeof value !== "boolean") {
    throw new VectorizeError("BAD_OPTION", `${name} is ${JSON.stringify(value)}, expected true or false`, {
      name,
      given: value,
    });
  }
}
