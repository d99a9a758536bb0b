// @ts-check
// The notes a cashier is likely to be handed, as in pos/domain/tender.py (vectors: tests/vectors/quick_cash.json).

/** The notes in circulation, smallest first. */
export const NOTES = Object.freeze([1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]);

const MOST = 5;
const SMALL = 10_000;

/**
 * Suggest the amounts a customer is likely to hand over, ascending, the exact one left out.
 * When there are more than five, amounts that need several notes go first, then the largest notes.
 * @param {number} due
 * @returns {number[]}
 */
export function quickCash(due) {
  if (due <= 0) return [];
  const steps = due < SMALL ? NOTES : NOTES.slice(2);
  const likely = [...new Set(steps.map((step) => Math.ceil(due / step) * step))]
    .filter((amount) => amount !== due)
    .sort((a, b) => a - b);
  for (let at = likely.length - 1; at >= 0 && likely.length > MOST; at -= 1) {
    if (!NOTES.includes(likely[at])) likely.splice(at, 1);
  }
  return likely.slice(0, MOST);
}

/**
 * What goes back to the customer; negative while money is missing.
 * @param {number} due
 * @param {number} paid
 * @returns {number}
 */
export function change(due, paid) {
  return paid - due;
}
