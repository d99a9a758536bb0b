// @ts-check
/** What the cart costs in cash (rounded) and otherwise, by the same rules as the server. */
import { lineTotal, totals } from "../lib/pricing.js";

/** @typedef {import("../lib/pricing.js").Line} Line */

/** @param {readonly Line[]} lines @param {number} step @param {number} [discount] off the whole cart */
export function cashTotals(lines, step, discount = 0) {
  return totals(lines, within(lines, discount), step, true);
}

/** @param {readonly Line[]} lines @param {number} [discount] off the whole cart */
export function exactTotal(lines, discount = 0) {
  return totals(lines, within(lines, discount), 0, false).total;
}

/** A discount of the whole cart is at most what the cart costs; the server refuses more. @param {readonly Line[]} lines @param {number} discount */
function within(lines, discount) {
  return Math.min(discount, lines.reduce((sum, line) => sum + lineTotal(line), 0));
}
