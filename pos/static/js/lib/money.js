// @ts-check
// Rupiah as whole numbers, written the same two ways as by pos/domain/money.py (vectors: tests/vectors/money.json).

/**
 * Write an amount for paper: 12500 becomes "12.500".
 * @param {number} amount
 * @returns {string}
 */
export function dotted(amount) {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not a whole number of rupiah: ${amount}`);
  const digits = String(Math.abs(amount)).replace(/\B(?=(\d{3})+$)/g, ".");
  return amount < 0 ? `-${digits}` : digits;
}

/**
 * Write an amount for screens: "Rp 12.500", its space one that never breaks a line.
 * @param {number} amount
 * @returns {string}
 */
export function rupiah(amount) {
  const sign = amount < 0 ? "-" : "";
  return `${sign}Rp\u00a0${dotted(Math.abs(amount))}`;
}
