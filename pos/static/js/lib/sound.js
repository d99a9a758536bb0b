// @ts-check
/** The till's own sounds: a scanner's beep says nothing about whether the till accepted the code. */
import { recall, remember } from "./keep.js";

const KEY = "karya.sound";
/** [frequency in Hz, start in s, length in s] @type {Record<string, [number, number, number][]>} */
const TUNES = {
  ok: [[1320, 0, 0.06]],
  paid: [[660, 0, 0.1], [880, 0.1, 0.1], [1320, 0.2, 0.18]],
  no: [[220, 0, 0.22], [180, 0.28, 0.32]],
};

/** @type {AudioContext|null} */
let context = null;

/** @param {"ok"|"paid"|"no"} name */
export function play(name) {
  if (!soundOn() || typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  const now = context.currentTime;
  for (const [frequency, start, length] of TUNES[name]) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = name === "no" ? "square" : "sine";
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(name === "no" ? 0.12 : 0.18, now + start);
    volume.gain.exponentialRampToValueAtTime(0.001, now + start + length);
    tone.connect(volume).connect(context.destination);
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
