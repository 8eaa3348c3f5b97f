import { signal } from "@preact/signals";
import { placeAt, playedIn, type Recording } from "../logic/recording.js";
import { telling } from "./notices.js";

/** The run that made the ready model, once somebody has asked for it. */
export const recording = signal<Recording | undefined>(undefined);
/** The sample that is shown. */
export const recordedPlace = signal(0);
export const isPlaying = signal(false);

/** Plays the recording from its beginning; fetched the first time. */
export const playRecording = () =>
  telling(async () => {
    if (!recording.value) {
      const response = await fetch("./ready/run.json");
      if (!response.ok) throw new Error(`The recorded run could not be loaded (${response.status}): try again.`);
      recording.value = await response.json();
    }
    const { samples } = recording.value!;
    const began = performance.now();
    isPlaying.value = true;
    const show = () => {
      if (!isPlaying.value) return;
      const seconds = (performance.now() - began) / 1000;
      recordedPlace.value = placeAt(seconds, samples.length);
      if (seconds < playedIn) setTimeout(show, 50);
      else isPlaying.value = false;
    };
    show();
  });

/** Shows one sample, and plays no further. */
export function showRecorded(place: number): void {
  isPlaying.value = false;
  recordedPlace.value = place;
}
