import { nameCharacter } from "./format.js";

/** Characters named at the most; a text in another script has thousands that are new. */
const most = 60;

/** Says which characters a model meets for the first time. */
export function newsOf(added: readonly string[]): string {
  if (added.length === 0) return "No character of the text is new to it.";
  const names = added.slice(0, most).map(nameCharacter).join(" ");
  const others = added.length > most ? ` and ${added.length - most} others` : "";
  return `New to it, with weights of their own: ${names}${others}.`;
}
