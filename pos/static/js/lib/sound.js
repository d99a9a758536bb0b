// @ts-check
/** The till's own sounds: a scanner's beep says nothing about whether the till accepted the code. Kept a device: on or off, how loud. */
import { recall, remember } from "./keep.js";

const KEY = "karya.sound";
const VOLUME = "karya.volume";
const USUAL = 70;
/** [frequency in Hz, start in s, length in s] @type {Record<string, [number, number, number][]>} */
const TUNES = {
  ok: [[1320, 0, 0.06]],
  paid: [[660, 0, 0.1], [880, 0.1, 0.1], [1320, 0.2, 0.18]],
  unknown: [[196, 0, 0.24], [165, 0.32, 0.36]],
  no: [[392, 0, 0.12], [294, 0.13, 0.2]],
};

/** @type {AudioContext|null} */
let context = null;

/** `unknown` is the loud one: a barcode that the till does not know. @param {"ok"|"paid"|"unknown"|"no"} name */
export function play(name) {
  if (!soundOn() || typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  const now = context.currentTime;
  const loud = (volume() / 100) * (name === "unknown" ? 0.3 : 0.24);
  for (const [frequency, start, length] of TUNES[name]) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.type = name === "unknown" ? "square" : name === "no" ? "triangle" : "sine";
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(loud, now + start);
    gain.gain.exponentialRampToValueAtTime(0.001, now + start + length);
    tone.connect(gain).connect(context.destination);
    tone.start(now + start);
    tone.stop(now + start + length);
  }
}

export function soundOn() {
  return recall(KEY) !== "off";
}

/** @param {boolean} on */
export function setSound(on) {
  remember(KEY, on ? "on" : "off");
}

/** How loud, from 10 to 100. */
export function volume() {
  const kept = recall(VOLUME);
  return typeof kept === "number" && kept >= 10 && kept <= 100 ? kept : USUAL;
}

/** @param {number} loud */
export function setVolume(loud) {
  remember(VOLUME, loud);
}
