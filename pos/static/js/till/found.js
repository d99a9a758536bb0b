// @ts-check
/** Goods in hand that the books don't know, as lines of an adjustment. No DOM in here. */

/** @typedef {{lot: string, expires_on: string|null, here: boolean}} Lot */
/** @typedef {{sku: string, quantity: number, lot: string, expires_on?: string}} FoundLine */

/**
 * Which lots can be chosen: those that may still be sold; `expired` are those here that may not.
 * @param {Lot[]} lots @param {string} today
 */
export function lotsToChoose(lots, today) {
  const over = (/** @type {Lot} */ lot) => lot.expires_on !== null && lot.expires_on < today;
  return { lots: lots.filter((lot) => lot.lot && !over(lot)), expired: lots.filter((lot) => lot.here && over(lot)) };
}

/**
 * The line that brings the books to what is in hand. A date without a lot names the lot, as a receipt of goods does.
 * @param {string} sku @param {number} counted @param {number} available what the books know @param {{lot?: string, day?: string}} which
 * @returns {FoundLine|null} null when the books know as many already
 */
export function foundLine(sku, counted, available, { lot = "", day = "" }) {
  const more = counted - Math.max(0, available);
  if (more < 1) return null;
  return day ? { sku, quantity: more, lot: day, expires_on: day } : { sku, quantity: more, lot };
}
