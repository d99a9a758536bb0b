// @ts-check
/** How a QRIS payment stands, from the sale as the server tells it, in one word and in sentences. No DOM in here. */
import { t } from "../lib/i18n.js";
import { rupiah } from "../lib/money.js";

/** @typedef {"making"|"waiting"|"paid"|"amount"|"late"|"expired"|"failed"|"nocode"|"cancelled"} Phase */

/** Confirmed by a person, because nobody calls back? @param {any} sale */
export function byHand(sale) {
  return sale.qris?.provider === "static";
}

/** @param {any} sale @returns {Phase} */
export function phaseOf(sale) {
  const qris = sale.qris ?? {};
  if (sale.status === "completed" || sale.status === "voided") return "paid";
  if (sale.status === "awaiting_payment") return qris.payload ? "waiting" : "making";
  if (qris.status === "late") return qris.why === "amount" ? "amount" : "late";
  if (sale.status === "expired") return "expired";
  if (qris.status === "failed") return qris.payload ? "failed" : "nocode";
  return "cancelled";
}

/** Is it over, without the goods being paid? @param {Phase} phase */
export function isOver(phase) {
  return phase !== "making" && phase !== "waiting" && phase !== "paid";
}

/** Did money come that somebody must decide about? @param {Phase} phase */
export function needsPerson(phase) {
  return phase === "amount" || phase === "late";
}

/** The sentence of the moment. @param {any} sale @param {Phase} phase */
export function sentenceOf(sale, phase) {
  const asked = sale.qris?.amount ?? sale.total;
  const came = sale.qris?.paid_amount ?? 0;
  switch (phase) {
    case "making":
      return t("The code is being made…");
    case "waiting":
      return byHand(sale) ? t("The customer scans and pays. Check the merchant app, then confirm by hand.") : t("Scan and pay. This screen changes by itself once the money is there.");
    case "amount":
      return t("The buyer paid %(came)s, but %(asked)s was asked. Call a supervisor: the money is kept in the list of payments. Do not give the goods yet.", { came: rupiah(came), asked: rupiah(asked) });
    case "late":
      return t("%(came)s came, but this sale could not be completed. Call a supervisor: the money is kept in the list of payments.", { came: rupiah(came) });
    case "expired":
      return byHand(sale)
        ? t("The time is over. If the customer did pay, type the reference and confirm; otherwise go back to the cart.")
        : t("The time is over and no money came. If the buyer pays now, the money is found and kept.");
    case "failed":
      return t("The provider says that this payment failed. No money came.");
    case "nocode":
      return t("The provider gave no code, so nothing was paid. Take cash, or try again.");
    case "cancelled":
      return t("This payment was cancelled.");
    default:
      return "";
  }
}

/** What is wrong while it is waited for; empty when nothing is. @param {any} sale @param {boolean} online does our own server answer? */
export function troubleOf(sale, online) {
  if (!online) return t("The server does not answer. The buyer's money is safe; this screen keeps asking.");
  if (sale.status !== "awaiting_payment") return "";
  if (sale.qris?.trouble === "silent") return t("The QRIS provider does not answer yet. The buyer's money is safe; this screen keeps asking.");
  if (sale.qris?.trouble === "odd") return t("The QRIS provider says something that needs a person. Call a supervisor before giving the goods.");
  return "";
}
