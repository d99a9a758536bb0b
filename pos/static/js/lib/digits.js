// @ts-check
/** Amounts that are being typed: only digits count, dots are for reading. No DOM in here. */

export const LARGEST = 1_000_000_000_000;

/** The amount in a text, or null when it holds no digit. @param {string} text @returns {number|null} */
export function readAmount(text) {
  const digits = text.replace(/\D/g, "");
  return digits ? Math.min(Number(digits), LARGEST) : null;
}

/** What pressing a key makes of an amount. @param {number|null} amount @param {string} key a digit, "000", "erase" or "clear" */
export function pressKey(amount, key) {
  if (key === "clear") return null;
  const digits = amount === null ? "" : String(amount);
  if (key === "erase") return readAmount(digits.slice(0, -1));
  if (key === "000" && !amount) return amount;
  const next = readAmount(digits + key);
  return next !== null && next >= LARGEST ? amount : next;
}
