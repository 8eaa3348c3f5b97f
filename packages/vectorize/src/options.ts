import { VectorizeError } from "./errors.js";

/** @throws {VectorizeError} `BAD_OPTION` when `options` is no object or has a name that is not in `names`. */
export function checkNames(options: object, names: readonly string[]): void {
  if (options === null || typeof options !== "object") {
    throw new VectorizeError("BAD_OPTION", `options are ${String(options)}, expected an object`, { given: options });
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw new VectorizeError("BAD_OPTION", `there is no option "${name}": known are ${names.join(", ")}`, { name });
    }
  }
}

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
