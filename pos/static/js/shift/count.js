// @ts-check
/** The count of the drawer: pieces of each note and coin. No DOM in here. */

/** Notes and coins, largest first; 75.000 is the commemorative note of 2020. */
export const DENOMINATIONS = Object.freeze([100_000, 75_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100]);
export const MOST = 100_000;

/** @typedef {ReadonlyMap<number, number>} Counts */

/** @param {string} text @returns {number} pieces; what is no number counts as none */
export function pieces(text) {
  const digits = text.replace(/\D/g, "");
  return digits ? Math.min(Number(digits), MOST) : 0;
}

/** @param {Counts} counts @param {number} note @param {number} count @returns {Counts} */
export function withPieces(counts, note, count) {
  const next = new Map(counts);
  next.set(note, Math.max(0, Math.min(count, MOST)));
  return next;
}

/** @param {Counts} counts */
export function sum(counts) {
  let amount = 0;
  for (const [note, count] of counts) amount += note * count;
  return amount;
}

/** As the server takes it: `{"100000": 3}`, empty ones left out. @param {Counts} counts @returns {Record<string, number>} */
export function byDenomination(counts) {
  /** @type {Record<string, number>} */
  const body = {};
  for (const note of DENOMINATIONS) if (counts.get(note)) body[String(note)] = /** @type {number} */ (counts.get(note));
  return body;
}

/** Read what was kept in this browser. @param {any} kept @returns {Counts} */
export function countsFrom(kept) {
  return new Map(DENOMINATIONS.map((note) => [note, pieces(String(kept?.[note] ?? ""))]));
}
