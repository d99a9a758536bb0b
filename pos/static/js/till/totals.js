// @ts-check
/** What the cart costs in cash (rounded) and otherwise, by the same rules as the server. */
import { lineTotal, offOf, totals } from "../lib/pricing.js";

/** @typedef {import("../lib/pricing.js").Line} Line */
/** @typedef {import("../lib/pricing.js").Off} Off */

/** @param {readonly Line[]} lines @param {number} step @param {Off} [cart] what is off the whole cart */
export function cashTotals(lines, step, cart) {
  return totals(lines, within(lines, cart), step, true);
}

/** @param {readonly Line[]} lines @param {Off} [cart] what is off the whole cart */
export function exactTotal(lines, cart) {
  return totals(lines, within(lines, cart), 0, false).total;
}

/** A discount of the whole cart is at most what the cart costs; the server refuses more. @param {readonly Line[]} lines @param {Off} [cart] */
function within(lines, cart) {
  return offOf(cart ?? {}, lines.reduce((sum, line) => sum + lineTotal(line), 0));
}
