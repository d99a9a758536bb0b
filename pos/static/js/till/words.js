// @ts-check
/** The state of things in words; shared by the status line and the panels. No DOM in here. */
import { t } from "../lib/i18n.js";
import { rupiah } from "../lib/money.js";

/** @param {{state?: string}|undefined} printer */
export function printerWords(printer) {
  switch (printer?.state) {
    case "ok":
      return t("Printer ready");
    case "paper_low":
      return t("Paper is running out");
    case "paper_out":
      return t("Printer out of paper");
    case "away":
      return t("Printer does not answer");
    case "cover_open":
      return t("Printer cover is open");
    case "silent":
      return t("Printer connected, it can't report its paper");
    case "error":
      return t("Printer has an error");
    case "offline":
      return t("Printer is not ready");
    case "unasked":
      return t("Printer is being asked");
    case "none":
      return t("No printer");
    default:
      return "";
  }
}

/** A sentence when the receipt will not come out now; empty when it will. @param {{state?: string}|undefined} printer */
export function printerTrouble(printer) {
  if (printer?.state === "away") return t("The printer does not answer; the receipt prints when it is back.");
  if (printer?.state === "cover_open") return t("The printer's cover is open; the receipt prints once it is closed.");
  if (printer?.state === "error" || printer?.state === "offline") return t("The printer is not ready; the receipt prints once it is. Look at its lights.");
  if (printer?.state === "paper_out") return t("The printer is out of paper; the receipt prints once there is paper.");
  return "";
}

/** @param {{status: string, refunded?: number, total: number}} sale */
export function saleWords(sale) {
  if (sale.status === "completed" && sale.refunded) return sale.refunded >= sale.total ? t("Refunded") : t("Partly refunded");
  return (
    { completed: t("Paid"), awaiting_payment: t("Awaiting payment"), cancelled: t("Cancelled"), expired: t("Expired"), voided: t("Voided") }[sale.status] ?? sale.status
  );
}

/** @param {any} sale */
export function byQris(sale) {
  return (sale.tenders ?? []).some((/** @type {any} */ one) => one.method === "qris");
}

/** How a sale was paid and what went back, in a few words. @param {any} sale */
export function paidWords(sale) {
  const parts = (sale.tenders ?? []).map((/** @type {any} */ one) => `${one.method === "qris" ? "QRIS" : t("Cash")} ${rupiah(one.amount)}`);
  if (sale.change) parts.push(t("%(amount)s back", { amount: rupiah(sale.change) }));
  if (sale.status !== "completed" || sale.refunded) parts.push(saleWords(sale));
  return parts.join(" · ");
}

/** May it still be said how it was really paid? Money that its provider confirmed stays what it is. @param {any} sale @param {any} shift */
export function correctable(sale, shift) {
  return sale.status === "completed" && !sale.refunded && sale.total > 0 && sale.shift === shift?.id && (!byQris(sale) || Boolean(sale.qris?.confirmed_by));
}
