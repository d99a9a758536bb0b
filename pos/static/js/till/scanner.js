// @ts-check
/**
 * A barcode scanner is a keyboard that types very fast and ends with Enter. This tells its bursts from a person's typing by time
 * alone, so a scan works wherever the focus is. No DOM in here: it is fed keys and instants.
 */

export const SLOWEST_GAP = 90;
export const SHORTEST = 4;

export function createScanner() {
  let text = "";
  let first = 0;
  let last = -Infinity;
  return {
    /**
     * @param {string} key as in KeyboardEvent.key @param {number} at in ms
     * @returns {{kind: "none"}|{kind: "typing", length: number}|{kind: "scan", code: string}}
     */
    key(key, at) {
      if (key === "Shift") return { kind: "none" };
      const fast = at - last <= SLOWEST_GAP;
      last = at;
      if (key === "Enter" || key === "Tab") {
        const code = text;
        const whole = at - first;
        text = "";
        // Each gap was short; the mean must be shorter still, or a quick typist in the search field would be a scanner.
        if (fast && code.length >= SHORTEST && whole / code.length <= SLOWEST_GAP / 1.5) return { kind: "scan", code };
        return { kind: "none" };
      }
      if (key.length !== 1) {
        text = "";
        return { kind: "none" };
      }
      if (!fast || !text) {
        text = "";
        first = at;
      }
      text += key;
      return { kind: "typing", length: text.length };
    },
  };
}
