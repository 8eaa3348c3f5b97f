import { type Command, InvalidArgumentError, Option } from "commander";
import { repeated } from "../terminal/arguments.js";

/** How a text is read and cleaned, beside the recipe: what of this was asked for is recorded with the run. */
export interface CleaningFlags {
  encoding?: string | undefined;
  unwrap?: boolean | undefined;
  foldCase?: boolean | undefined;
  cleanUnmarked?: boolean | undefined;
}

/** Flags of every command that may fetch the book it is given. */
export interface BookFlags extends CleaningFlags {
  mirror?: string[] | undefined;
  refresh?: boolean | undefined;
  offline?: boolean | undefined;
  skipBad?: boolean | undefined;
}

export function addBookFlags(command: Command): Command {
  return command
    .option(
      "--mirror <address>",
      "fetch from this server with Project Gutenberg's folders instead of those known; repeatable",
      repeated(webAddress),
    )
    .addOption(new Option("--refresh", "fetch the book again, and replace the copy in the cache").conflicts("offline"))
    .option("--offline", "use the cache only, never the network")
    .option("--skip-bad", "of several texts, leave out what is none instead of stopping")
    .option("--encoding <name>", "what the text's bytes are in, as cp1251, koi8-r, gb18030 (default: found out)")
    .option("--unwrap", "join the wrapped lines of prose; verse, tables and lists stay")
    .option("--fold-case", "lower-case the text")
    .option("--clean-unmarked", "clean a text too that has no marker of Project Gutenberg");
}

/** The cleaning that was asked for, and nothing else. */
export function cleaningOf({ encoding, unwrap, foldCase, cleanUnmarked }: CleaningFlags): CleaningFlags {
  const given = Object.entries({ encoding, unwrap, foldCase, cleanUnmarked });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** An address that begins with http or https; `https://` may be left out. */
function webAddress(text: string): string {
  const address = text.includes("://") ? text : `https://${text}`;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new InvalidArgumentError("Expected an address like https://gutenberg.pglaf.org/.");
  }
  return address;
}
