// @ts-check
/** What the cart costs in cash (rounded) and otherwise, by the same rules as the server. */
import { totals } from "../lib/pricing.js";

/** @typedef {import("../lib/pricing.js").Line} Line */

/** @param {readonly Line[]} lines @param {number} step */
export function cashTotals(lines, step) {
  return totals(lines, 0, step, true);
}

/** @param {readonly Line[]} lines */
export function exactTotal(lines) {
  return totals(lines, 0, 0, false).total;
}
