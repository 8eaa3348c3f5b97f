import { signal } from "@preact/signals";
import { type Choices, changeSettings, defaultChoices, takePreset, type WebPreset } from "../logic/settings.js";
import { choicesFromHash, choicesToHash } from "../logic/settings-link.js";
import { say, sayError } from "./notices.js";

export const choices = signal<Choices>(defaultChoices);

export function choosePreset(preset: WebPreset): void {
  choices.value = takePreset(choices.value, preset);
}

export function changeChoices(change: Parameters<typeof changeSettings>[1]): void {
  choices.value = changeSettings(choices.value, change);
}

/** Takes the settings that a link carries; none where it is empty. */
export function readLink(parameters: string): void {
  if (parameters === "") return;
  const linked = choicesFromHash(parameters);
  if (linked) {
    choices.value = linked;
    say("The settings of this link are chosen.");
  } else {
    sayError(new Error("The settings in this link can’t be used: the usual ones are chosen."));
  }
}

/** The address of this page with the settings in it. */
export const linkOf = (chosen: Choices): string => `${location.href.split("#")[0]}#${choicesToHash(chosen)}`;
