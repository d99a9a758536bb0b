// @ts-check
/** The steps of the first sale that the guide leads through: which one it is, what it says, what it points at. No DOM in here. */
import { t } from "../lib/i18n.js";

export const STEPS = 6;
const TARGETS = ["#signin .people", "#open .open-card", "#grid", "#pay", "#outcome", "#nav"];

/**
 * @param {{user: any, shift: any, cart: {lines: any[]}, pending: any, done: any}} state the till's
 * @param {{sold: boolean, seen: boolean}} past a sale was made, and its change was seen
 */
export function stepOf({ user, shift, cart, pending, done }, { sold, seen }) {
  if (sold) return seen ? 5 : 4;
  if (!user) return 0;
  if (!shift || shift.counted) return 1;
  if (done) return 4;
  return cart.lines.length || pending ? 3 : 2;
}

/** @param {number} step */
export function isLast(step) {
  return step === STEPS - 1;
}

/** The element that it speaks of. @param {number} step */
export function targetOf(step) {
  return TARGETS[step];
}

/** @param {number} step */
export function sentenceOf(step) {
  return [
    t("Tap your name, then type the PIN 123456."),
    t("Count the money in the drawer, type how much it is, for example 200000, and tap Open the till."),
    t("Tap what the buyer takes: once for one, twice for two. Plus and minus change the number."),
    t("Take the money and tap the note you got, or Exact cash. That one tap ends the sale. With QRIS a pretend buyer pays after six seconds."),
    t("Give this change. The receipt prints by itself; here it comes to the screen. Your next tap on a product begins the next sale."),
    t("That was a whole sale. Was something wrong? Today's sales prints a copy and takes goods back. Lock when you leave the till."),
  ][step];
}
