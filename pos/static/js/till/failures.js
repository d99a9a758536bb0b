// @ts-check
/**
 * What a refused sale means, as a sentence for a cashier and one way on. Money first: a refusal sold nothing. The server's own
 * sentence follows; where it sent none there is one of ours, so nobody ever reads a bare code. No DOM in here.
 */
import { sentence } from "../lib/api.js";
import { rupiah } from "../lib/money.js";
import { t } from "../lib/i18n.js";
import { outcomeOf } from "./sale.js";

/** @typedef {"again"|"left"|"cart"} Way again: the very same way of paying once more; left: take what is left; cart: back to the cart */

/** Whoever taps once more may well get through; anything else is for the cart to change. */
const AGAIN = ["approval_needed", "approval_wrong", "clock_unconfirmed", "provider_unavailable", "internal_error", "slow_down", "id_conflict", "not_now"];

/** @param {import("../lib/api.js").Answer} answer @param {string} [words] what happened, when the page knows better @returns {{text: string, way: Way}} */
export function failureOf(answer, words) {
  const { body } = answer;
  const code = body?.code ?? "";
  return { text: `${t("Nothing was sold.")} ${words ?? wordsOf(answer, code)}`, way: AGAIN.includes(code) ? "again" : code === "insufficient_stock" ? "left" : "cart" };
}

/** @param {import("../lib/api.js").Answer} answer @param {string} code */
function wordsOf(answer, code) {
  const outcome = outcomeOf(answer);
  if (outcome === "price") return t("A price has changed. The total is now %(total)s.", { total: rupiah(answer.body.total ?? 0) });
  if (code === "lot_expired") return t("Past its best-before date: it can't be sold. Take it off the shelf.");
  if (outcome === "stock") return t("There is not enough left.");
  if (outcome === "shift") return sentence(answer, t("The shift is not open any more."));
  return sentence(answer, outcome === "code" ? t("The QRIS provider gave no code.") : t("The server could not do it."));
}

/** What stands on the button. @param {Way} way @param {boolean} [qris] */
export function wayWords(way, qris) {
  if (way === "again") return qris ? t("Try QRIS again") : t("Try again");
  return way === "left" ? t("Take what is left") : t("Back to the cart");
}
