// The bell: two soft tones when somebody new waits, and a notice for who looks elsewhere.

import { announce } from "../state/announce.svelte.ts";
import { choices } from "../state/choices.svelte.ts";
import { say } from "../words/words.svelte.ts";

let audio: AudioContext | undefined;

/** Somebody new waits, for this reason. */
export function ring(reason: string): void {
  announce(`${say().states.waiting}: ${reason}.`);
  if (choices.sound) chime();
}

function chime(): void {
  // Browsers let a page sound only after somebody used it.
  if (!navigator.userActivation?.hasBeenActive) return;
  audio ??= new AudioContext();
  [660, 880].forEach((pitch, n) => tone(audio as AudioContext, pitch, n * 0.14));
}

function tone(context: AudioContext, pitch: number, after: number): void {
  const start = context.currentTime + after;
  const sound = context.createOscillator();
  const loud = context.createGain();
  sound.frequency.value = pitch;
  loud.gain.setValueAtTime(0, start);
  loud.gain.linearRampToValueAtTime(0.06, start + 0.02);
  loud.gain.exponentialRampToValueAtTime(0.0005, start + 0.5);
  sound.connect(loud).connect(context.destination);
  sound.start(start);
  sound.stop(start + 0.55);
}
