// @ts-check
/** Which of its pictures the customer display shows, from the till's scene and the server's word about the sale. No DOM in here. */
import { byHand, phaseOf } from "../till/qrisstate.js";

/** @typedef {{name: string, quantity: number, unit_price: number, discount: number, total: number}} Line */
/** @typedef {{at: number, locale: "id"|"en", lines: Line[], discount: number, total: number, cash_total: number, asking: boolean, sale: string|null}} Scene */
/** @typedef {"idle"|"cart"|"wait"|"making"|"code"|"checking"|"over"|"paid"} Stage */

/** A scene counts so long without being told again, in ms; a till in the background speaks once a minute. */
export const FRESH = 75_000;
/** Thanks stay so long when no next customer comes, in ms. */
const THANKS = 90_000;

/** Is the scene that came the one to show? The newest is, unless the old one has not been told again for long. @param {Scene|null} old @param {number} age of the old one, in ms @param {Scene} next */
export function isNewer(old, age, next) {
  return !old || age > FRESH || next.at > old.at;
}

/**
 * Only the server's sale makes anything paid: a scene names a sale, it never says how it stands.
 * @param {Scene|null} scene @param {any} sale what the server said last @param {number} now by the server's clock, in ms
 * @returns {Stage}
 */
export function stageOf(scene, sale, now) {
  const about = scene ? scene.sale : sale?.id ?? null;
  if (about) return sale?.id === about ? saleStage(sale, now) : "wait";
  return scene?.lines.length ? "cart" : "idle";
}

/** @param {any} sale @param {number} now @returns {Stage} */
function saleStage(sale, now) {
  if (sale.status === "voided") return "idle";
  switch (phaseOf(sale)) {
    case "paid":
      return now - Date.parse(sale.completed_at) > THANKS ? "idle" : "paid";
    case "making":
      return "making";
    case "waiting":
      // Its time is over, and the provider is asked one last time: nobody should begin to pay now.
      return byHand(sale) || Date.parse(sale.qris.expires_at) > now ? "code" : "checking";
    default:
      return "over";
  }
}

/** What a buyer reads large: the change of cash, or that QRIS has paid. @param {any} sale */
export function paidFigures(sale) {
  const byQris = sale.tenders.some((/** @type {any} */ one) => one.method === "qris");
  const received = sale.tenders.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + (one.amount ?? 0), 0);
  const change = sale.change ?? 0;
  return { change, received, total: sale.total, large: byQris && !change ? "paid" : "change" };
}

/** A million and more needs smaller figures. @param {number} amount */
export function isLong(amount) {
  return amount >= 1_000_000;
}
