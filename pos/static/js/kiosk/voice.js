// @ts-check
/**
 * The kiosk speaks, for whoever has switched it on: what a step asks for, and what the keypad's focus stands on. Only files are
 * played, joined one after the other; a file that cannot be had is left out. Loaded when the sound is first wanted.
 */
import { now } from "../lib/time.js";
import { LEVELS } from "./bar.js";
import { clipsOf } from "./numbers.js";
import { cartWords, stepOf, stepWords } from "./spoken.js";

/** @typedef {import("./app.js").App} App */

/** How loud, by the steps of the sound's button. */
const LOUD = [0, 0.25, 0.6, 1];
/** Said although the server is silent, so they are fetched before. */
const BEFOREHAND = ["silent", "trouble", "still", "asking", "officer-called", "minute-left"];
/** Between a word and the next, and between sentences, in s. */
const WORD = 0.02;
const SENTENCE = 0.22;
const LAST_MINUTE = 60_000;

/** @param {App} app */
export function startVoice(app) {
  const { store, boot } = app;
  const context = new AudioContext();
  const volume = context.createGain();
  volume.connect(context.destination);
  /** @type {Map<string, Promise<AudioBuffer|null>>} */
  const files = new Map();
  /** @type {AudioBufferSourceNode[]} */
  let playing = [];
  let turn = 0;
  let byKeys = false;
  let lastMinuteOf = "";
  let before = { ...store.get(), step: "", chosen: "" };

  /** @param {string} name */
  function fetched(name) {
    const { locale } = store.get();
    const own = boot.recorded[locale].includes(name);
    const address = own ? `/kiosk/voice/${locale}/${encodeURIComponent(name)}.ogg` : `${boot.voice}/${locale}/${name}.ogg`;
    const found = files.get(address) ?? load(address);
    files.set(address, found);
    return found;
  }

  /** @param {string} address @returns {Promise<AudioBuffer|null>} */
  async function load(address) {
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) return null;
      return await context.decodeAudioData(await answer.arrayBuffer());
    } catch {
      files.delete(address);
      return null;
    }
  }

  function hush() {
    turn += 1;
    for (const one of playing) one.stop();
    playing = [];
  }

  /** Say this now; what was being said stops. @param {string} said */
  async function say(said) {
    hush();
    const mine = turn;
    document.body.dataset.said = said;
    // A page that was loaded again may only sound after a touch.
    if (context.state === "suspended") context.resume().catch(() => {});
    const names = clipsOf(said, store.get().locale);
    const sounds = await Promise.all(names.map(fetched));
    if (mine !== turn) return;
    let at = context.currentTime + WORD;
    sounds.forEach((sound, i) => {
      if (!sound) return;
      const source = context.createBufferSource();
      source.buffer = sound;
      source.connect(volume);
      source.start(at);
      playing.push(source);
      at += sound.duration + (isWord(names[i]) || isWord(names[i + 1] ?? "") ? WORD : SENTENCE);
    });
  }

  const on = () => store.get().comfort.sound > 0;
  const step = () => stepWords(store.get().at, { total: app.total(), printer: store.get().printer, receipts: boot.receipts });

  /** What is worth saying after a change; the most urgent of it. @param {import("./app.js").Store} next */
  function heard(next) {
    const { at, comfort, locale, officer, silent, online, asked } = next;
    const was = before;
    const chosen = JSON.stringify(at.cart.lines);
    before = { ...next, step: stepOf(at), chosen };
    if (comfort.sound !== was.comfort.sound) return louder(comfort.sound, was.comfort.sound);
    if (!on()) return;
    const setting = /** @type {const} */ (["large", "contrast", "low"]).find((name) => comfort[name] !== was.comfort[name]);
    if (asked && !was.asked) say("still");
    else if (before.step !== was.step || locale !== was.locale) say(step());
    else if (was.asked && !asked) hush();
    else if (officer !== was.officer && officer !== "no") say(`officer-${officer}`);
    else if (silent && !was.silent) say("silent");
    else if (!online && was.online) say("trouble");
    else if (chosen !== was.chosen) say(cartWords(at, app.total()));
    else if (setting) say(`${setting} ${comfort[setting] ? "on" : "off"}`);
  }

  /** @param {number} level @param {number} old */
  function louder(level, old) {
    if (level) volume.gain.value = LOUD[level];
    say(old || !level ? LEVELS[level] : `${LEVELS[level]} ${step()}`);
    if (!old) BEFOREHAND.forEach(fetched);
  }

  function lastMinute() {
    const { at } = store.get();
    const left = at.screen === "qris" && at.sale.qris?.payload ? Date.parse(at.sale.qris.expires_at) - now() : LAST_MINUTE + 1;
    if (!on() || left > LAST_MINUTE || left < 0 || lastMinuteOf === at.sale.id) return;
    lastMinuteOf = at.sale.id;
    say("minute-left");
  }

  document.addEventListener("pointerdown", () => (byKeys = false), true);
  document.addEventListener("keydown", () => (byKeys = true), true);
  document.addEventListener("focusin", (event) => {
    const said = on() && byKeys && event.target instanceof HTMLElement ? event.target.dataset.say : "";
    if (said) say(said);
  });
  document.addEventListener("click", ({ target }) => on() && target instanceof Element && target.closest(".sure") && say("sure"));
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => on() && context.state === "suspended" && context.resume().catch(() => {}));
  before = { ...before, comfort: { ...before.comfort, sound: 0 }, step: stepOf(before.at), chosen: JSON.stringify(before.at.cart.lines) };
  store.watch(["at", "comfort", "locale", "officer", "silent", "online", "asked"], heard);
  setInterval(lastMinute, 1000);
}

/** A part of a number or an amount stands close to its neighbours. @param {string} name */
function isWord(name) {
  return name.startsWith("n-") || name === "rupiah" || name === "items" || name === "minutes";
}
