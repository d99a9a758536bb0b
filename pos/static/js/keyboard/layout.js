// @ts-check
/** The keys on the screen as data, and what a key makes of a text. No DOM in here. */

/** Rows of letters as on an Indonesian keyboard, with the digits above. Words in angle brackets are keys that act. */
export const LETTERS = [
  ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"],
  ["q", "w", "e", "r", "t", "y", "u", "i", "o", "p"],
  ["a", "s", "d", "f", "g", "h", "j", "k", "l", "-"],
  ["<shift>", "z", "x", "c", "v", "b", "n", "m", "<erase>"],
  ["<signs>", ",", "<space>", ".", "<done>"],
];
export const SIGNS = [
  ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"],
  ["@", "#", "%", "&", "*", "+", "=", "(", ")", "_"],
  ["!", "?", "'", "\"", ":", ";", "/", "\\", "<", ">"],
  ["<letters>", "[", "]", "{", "}", "~", "$", "|", "<erase>"],
  ["<letters>", ",", "<space>", ".", "<done>"],
];
export const DIGITS = [
  ["7", "8", "9"],
  ["4", "5", "6"],
  ["1", "2", "3"],
  ["-", "0", "<erase>"],
  [",", ".", "<done>"],
];

/** What a key writes. @param {string} key @param {boolean} capital */
export function written(key, capital) {
  if (key === "<space>") return " ";
  return capital ? key.toUpperCase() : key;
}

/**
 * The text after a key. `from` and `to` are the selection; what does not fit into `most` characters is not written.
 * @param {string} text @param {number} from @param {number} to @param {string} put empty erases @param {number} [most]
 * @returns {{text: string, caret: number}}
 */
export function typed(text, from, to, put, most = -1) {
  const start = put === "" && from === to ? from - widthBefore(text, from) : from;
  const kept = text.slice(0, start) + text.slice(to);
  const room = most < 0 ? put.length : Math.max(0, most - kept.length);
  const fits = put.slice(0, room);
  return { text: text.slice(0, start) + fits + text.slice(to), caret: start + fits.length };
}

/** A character outside of the basic plane is two units and one key press. @param {string} text @param {number} at */
function widthBefore(text, at) {
  if (at === 0) return 0;
  return /[\uDC00-\uDFFF]/.test(text[at - 1]) && at > 1 ? 2 : 1;
}

/**
 * Should the next letter be a capital? By the field's own `autocapitalize`, as on a phone.
 * @param {string} how @param {string} before what stands before the caret
 */
export function capitalNext(how, before) {
  if (how === "characters") return true;
  if (how === "words") return before === "" || before.endsWith(" ");
  if (how === "sentences" || how === "on") return /^\s*$|[.!?]\s+$/.test(before);
  return false;
}

/**
 * Which keys a field wants: none where it has a pad of its own or nothing is typed.
 * @param {{tag: string, type: string, inputmode: string, typing: string, readonly: boolean}} field
 * @returns {"letters"|"digits"|null}
 */
export function keysFor({ tag, type, inputmode, typing, readonly }) {
  if (readonly) return null;
  if (inputmode === "numeric" || inputmode === "decimal" || inputmode === "tel" || type === "number" || type === "tel") return "digits";
  if (inputmode === "none" && typing !== "text") return null;
  if (tag === "TEXTAREA") return "letters";
  return tag === "INPUT" && ["text", "search", "email", "url", "password"].includes(type) ? "letters" : null;
}

/** A person leaves so much time between two keys, in ms; a scanner does not. */
export const PERSON = 60;
/** After so long without a key a new run begins. */
export const PAUSE = 2000;

/** Tells a person's typing from a scanner's: three keys in a row, each a person's time apart. */
export function createTypist() {
  let last = -Infinity;
  let slow = 0;
  return {
    /** True once keys were used by a person. @param {number} at in ms */
    key(at) {
      const gap = at - last;
      last = at;
      slow = gap > PAUSE ? 1 : gap < PERSON ? 0 : slow + 1;
      return slow >= 3;
    },
  };
}
