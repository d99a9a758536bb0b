// @ts-check
/**
 * A barcode scanner is a keyboard that types very fast and ends with Enter. Outside of a field nobody types whole words, so there
 * any run of characters is a scan; within a field its speed tells it from a person. No DOM in here: it is fed keys and instants.
 */

/** Longer than this between two keys, and a run begins anew, in ms. */
export const SLOWEST_GAP = 1000;
/** The same within a field, where a quick typist must not be taken for a scanner. */
export const SLOWEST_IN_FIELD = 90;
/** Nobody types a whole barcode of digits this evenly, even on a machine that stutters. */
export const SLOWEST_DIGITS_IN_FIELD = 250;
export const SHORTEST = 4;
const SHORTEST_DIGITS = 8;

export function createScanner() {
  let text = "";
  let first = 0;
  let last = -Infinity;
  let widest = 0;

  /** @param {number} at @param {boolean} inField */
  function isScan(at, inField) {
    if (text.length < SHORTEST) return false;
    if (!inField) return true;
    if (/^\d+$/.test(text) && text.length >= SHORTEST_DIGITS) return widest <= SLOWEST_DIGITS_IN_FIELD;
    return widest <= SLOWEST_IN_FIELD && (at - first) / text.length <= SLOWEST_IN_FIELD / 1.5;
  }

  return {
    /**
     * @param {string} key as in KeyboardEvent.key @param {number} at in ms @param {boolean} [inField] a field has the focus
     * @returns {{kind: "none"}|{kind: "typing", length: number}|{kind: "scan", code: string}}
     */
    key(key, at, inField = false) {
      if (key === "Shift") return { kind: "none" };
      const gap = at - last;
      last = at;
      if (gap > SLOWEST_GAP || !text) {
        text = "";
        first = at;
        widest = 0;
      } else {
        widest = Math.max(widest, gap);
      }
      if (key === "Enter" || key === "Tab") {
        const code = text;
        const scan = isScan(at, inField);
        text = "";
        return scan ? { kind: "scan", code } : { kind: "none" };
      }
      if (key.length !== 1 || (key === " " && !text)) {
        text = "";
        return { kind: "none" };
      }
      text += key;
      return { kind: "typing", length: text.length };
    },
  };
}
