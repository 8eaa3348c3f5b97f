// What the errors of all packages share. Bundled into each of them: nothing of this is published by itself.

/** An error with a stable `code` to branch on; `details` holds the facts of the message. */
export abstract class CodedError<Code extends string> extends Error {
  declare readonly code: Code;
  declare readonly details: Readonly<Record<string, unknown>>;
  abstract override get name(): string;

  constructor(code: Code, message: string, details: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(message, options);
    Object.assign(this, { code, details });
  }
}

/** Whether a value is a package's error, by its name: another installed copy of the package has a class of its own. */
export function isNamed(value: unknown, name: string): boolean {
  return value instanceof Error && value.name === name && typeof (value as { code?: unknown }).code === "string";
}

/** How a message names what it was given: numbers and words as they are, all else by its kind. */
export function shown(value: unknown): string {
  return typeof value === "object" && value ? "an object" : String(value);
}

type Refusal = new (code: "BAD_OPTION", message: string, details: Record<string, unknown>) => Error;

/**
 * Refuses what is no object of options, and names that a function does not know: usually typing slips.
 *
 * @param Refused The package's error, thrown with `BAD_OPTION`.
 */
export function refuseUnknown(Refused: Refusal, options: object, known: readonly string[], where: string): void {
  if (typeof options !== "object" || !options || Symbol.iterator in options) {
    throw new Refused("BAD_OPTION", `${where} takes an object of options, not ${shown(options)}`, { given: options });
  }
  for (const option in options) {
    if (known.includes(option)) continue;
    throw new Refused("BAD_OPTION", `${where} has no option "${option}": use one of ${known.join(", ")}`, {
      option,
      known,
    });
  }
}
