import { InvalidArgumentError } from "commander";

type Parser<T> = (text: string, previous?: T) => T;

/** A whole number of at least `least`. */
export function wholeNumber(least: number): Parser<number> {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected a whole number, ${least} or more.`);
    }
    return value;
  };
}

/** A finite number for which `isGood` holds. */
export function number(expected: string, isGood: (value: number) => boolean): Parser<number> {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || !isGood(value)) throw new InvalidArgumentError(`Expected ${expected}.`);
    return value;
  };
}

export const temperature = number("a number, 0 or more", (value) => value >= 0);
export const share = number("a number from 0 up to, not including, 1", (value) => value >= 0 && value < 1);
export const positive = number("a number above 0", (value) => value > 0);

/** Several values in one argument, between commas. */
export function list<T>(parse: Parser<T>): Parser<T[]> {
  return (text) => text.split(",").map((part) => parse(part.trim()));
}

/** One value for each time that the flag is given. */
export function repeated<T>(parse: Parser<T>): Parser<T[]> {
  return (text, previous = []) => [...previous, parse(text)];
}
