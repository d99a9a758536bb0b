// @ts-check
/** How a sale stands, in words. No DOM in here. */
import { t } from "../lib/i18n.js";

/** @param {{status: string, refunded?: number, total: number}} sale */
export function saleWords(sale) {
  if (sale.status === "completed" && sale.refunded) return sale.refunded >= sale.total ? t("Refunded") : t("Partly refunded");
  return (
    { completed: t("Paid"), awaiting_payment: t("Awaiting payment"), cancelled: t("Cancelled"), expired: t("Expired"), voided: t("Voided") }[sale.status] ?? sale.status
  );
}
