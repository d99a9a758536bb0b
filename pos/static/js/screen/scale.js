// @ts-check
/** How large things really are: the arithmetic of the measurement and of the size setting. No DOM in here. */

/** What may be chosen, in per cent; `SIZES` of pos/web/screen.py. */
export const STEPS = [90, 100, 115, 130, 150, 175, 200];
/** A bank card or identity card (ISO 7810 ID-1), in mm. */
export const CARD = { long: 85.6, short: 53.98 };
/** The smallest room the till's layout holds, in letters of the root's size: `--most` of till.css. */
export const TILL = { landscape: { wide: 55.5, high: 33.5 }, portrait: { wide: 35, high: 54 } };
/** The root's font size without a setting, in CSS px. */
export const LETTER = 16;
/** `--touch` and `--touch-money` of tokens.css, in letters. */
export const TOUCH = { smallest: 3.5, money: 4 };
/** What a finger needs, in mm. */
export const NEEDED = { smallest: 9, money: 11 };

/** Thousandths of a millimetre of a CSS pixel, when the card's long side is this many pixels. @param {number} px */
export function measured(px) {
  return Math.round((CARD.long * 1000) / px);
}

/** The card's long side in CSS px. @param {number} um */
export function cardWidth(um) {
  return (CARD.long * 1000) / um;
}

/** The factor that the till has room for at most. @param {number} width of the window, CSS px @param {number} height */
export function room(width, height) {
  const least = width >= height ? TILL.landscape : TILL.portrait;
  return Math.max(1, Math.min(width / least.wide, height / least.high) / LETTER);
}

/** What a setting makes of the till, as a factor. @param {number} step per cent @param {number} most from `room` */
export function factor(step, most) {
  return Math.min(step / 100, most);
}

/** The targets in mm. @param {number} um @param {number} grown from `factor` */
export function targets(um, grown) {
  const letter = (LETTER * grown * um) / 1000;
  return { smallest: TOUCH.smallest * letter, money: TOUCH.money * letter };
}

/** @param {{smallest: number, money: number}} sizes in mm */
export function largeEnough(sizes) {
  // To a hundredth, as a person can neither measure nor feel less.
  return sizes.smallest >= NEEDED.smallest - 0.005 && sizes.money >= NEEDED.money - 0.005;
}

/**
 * What to advise: the setting of now, else the smallest step that is large enough, else the largest there is room for.
 * @param {number} um @param {number} step the setting of now @param {number} most from `room`
 */
export function advise(um, step, most) {
  const now = targets(um, factor(step, most));
  if (largeEnough(now)) return { kind: "enough", step, sizes: now, now };
  const better = STEPS.find((one) => largeEnough(targets(um, factor(one, most))));
  const best = better ?? STEPS.find((one) => one / 100 >= most) ?? STEPS[STEPS.length - 1];
  return { kind: better ? "better" : "never", step: best, sizes: targets(um, factor(best, most)), now };
}
