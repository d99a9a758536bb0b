// @ts-check
// Ids for what this browser creates: UUID version 7, whose text order is the order of making. crypto.randomUUID is
// not used because it is missing on a till that is served over plain http; getRandomValues is there everywhere.

/**
 * Make a source of ids. Within one millisecond, and while the clock stands still or runs back, a counter in the
 * twelve bits after the version keeps ids ascending; it starts in its lower half so that it has room to grow.
 * @param {{now?: () => number, fill?: (bytes: Uint8Array) => unknown}} [sources]
 * @returns {() => string}
 */
export function createUuid7({ now = Date.now, fill = (bytes) => globalThis.crypto.getRandomValues(bytes) } = {}) {
  let millisecond = -1;
  let counter = 0;

  return function uuid7() {
    const bytes = new Uint8Array(16);
    fill(bytes);
    const time = Math.floor(now());
    if (time > millisecond) {
      millisecond = time;
      counter = ((bytes[6] & 0x07) << 8) | bytes[7];
    } else if (counter < 0xfff) {
      counter += 1;
    } else {
      millisecond += 1;
      counter = 0;
    }
    // Divisions, not shifts: a shift would cut the time to 32 bits.
    for (let at = 5, rest = millisecond; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
    bytes[6] = 0x70 | (counter >> 8);
    bytes[7] = counter & 0xff;
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
}

/** Make an id; one counter for the whole page. */
export const uuid7 = createUuid7();
