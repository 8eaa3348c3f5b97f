import { type Command, InvalidArgumentError, Option } from "commander";
import { repeated } from "./arguments.js";

/** Flags of every command that may fetch the book it is given. */
export interface BookFlags {
  mirror?: string[] | undefined;
  refresh?: boolean | undefined;
  offline?: boolean | undefined;
}

export function addBookFlags(command: Command): Command {
  return command
    .option(
      "--mirror <address>",
      "fetch from this server with Project Gutenberg's folders instead of those known; repeatable",
      repeated(webAddress),
    )
    .addOption(new Option("--refresh", "fetch the book again, and replace the copy in the cache").conflicts("offline"))
    .option("--offline", "use the cache only, never the network");
}

/** An address that begins with http or https; `https://` may be left out. */
function webAddress(text: string): string {
  const address = text.includes("://") ? text : `https://${text}`;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new InvalidArgumentError("Expected an address like https://gutenberg.pglaf.org/.");
  }
  return address;
}
