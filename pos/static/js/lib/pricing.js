// @ts-check
// What the cart costs, so that the screen knows at once; the server's answer counts. The same rules as
// pos/domain/pricing.py (vectors: tests/vectors/pricing.json).

/**
 * @typedef {{quantity: number, unitPrice: number, discount?: number}} Line
 * @typedef {{discount?: number, bp?: number}} Off rupiah, or basis points of what it is taken off
 * @typedef {{gross: number, subtotal: number, discount: number, rounding: number, total: number}} Totals
 */

/**
 * The difference to the nearest multiple of step, a half going up; step 0 or 1 rounds nothing.
 * @param {number} amount
 * @param {number} step
 * @returns {number}
 */
export function roundingFor(amount, step) {
  if (step < 2) return 0;
  return Math.floor((2 * amount + step) / (2 * step)) * step - amount;
}

/**
 * What a line adds to the subtotal.
 * @param {Line} line
 * @returns {number}
 */
export function lineTotal(line) {
  return line.quantity * line.unitPrice - (line.discount ?? 0);
}

/**
 * Add up a cart; only one that is paid wholly in cash is rounded.
 * @param {readonly Line[]} lines
 * @param {number} saleDiscount
 * @param {number} roundingStep
 * @param {boolean} allCash
 * @returns {Totals}
 */
export function totals(lines, saleDiscount, roundingStep, allCash) {
  let gross = 0;
  let subtotal = 0;
  for (const line of lines) {
    const lineGross = line.quantity * line.unitPrice;
    const discount = line.discount ?? 0;
    if (line.quantity < 1 || line.unitPrice < 0) throw new RangeError("a line needs a quantity and a price");
    if (discount < 0 || discount > lineGross) throw new RangeError("the discount is larger than the line");
    gross += lineGross;
    subtotal += lineGross - discount;
  }
  if (saleDiscount < 0 || saleDiscount > subtotal) throw new RangeError("the discount is larger than the sale");
  const due = subtotal - saleDiscount;
  const rounding = allCash ? roundingFor(due, roundingStep) : 0;
  return { gross, subtotal, discount: saleDiscount, rounding, total: due + rounding };
}

/**
 * A percentage of an amount in whole rupiah, rounded down; exact also where the product would outgrow a number.
 * @param {number} amount
 * @param {number} bp
 * @returns {number}
 */
export function percentOf(amount, bp) {
  return Math.floor(amount / 10000) * bp + Math.floor(((amount % 10000) * bp) / 10000);
}

/**
 * The rupiah that a discount takes off an amount; never more than there are.
 * @param {Off} off
 * @param {number} amount
 * @returns {number}
 */
export function offOf({ bp, discount = 0 }, amount) {
  return bp ? percentOf(amount, bp) : Math.min(discount, amount);
}
