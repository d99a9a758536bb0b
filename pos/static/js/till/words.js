// @ts-check
/** How a sale stands, in words. No DOM in here. */
import { t } from "../lib/i18n.js";
import { rupiah } from "../lib/money.js";

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
