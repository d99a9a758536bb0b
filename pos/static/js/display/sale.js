// @ts-check
/** The sale that is being paid or has been paid, as its buyer sees it: the code, the change, or what went wrong. */
import { fill, h, icon, say } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { rupiah } from "../lib/money.js";
import { minutes, now } from "../lib/time.js";
import { byHand, needsPerson, phaseOf } from "../till/qrisstate.js";
import { isLong, paidFigures } from "./stage.js";

/** @param {any} place @param {any} sale @param {string} register */
export function codePart(place, sale, register) {
  const left = h("p", { class: "code-left", role: "timer" });
  const merchant = sale.qris.merchant;
  const amount = sale.qris.amount ?? sale.total;
  const picture = `/display/${encodeURIComponent(register)}/qr/${sale.id}.svg`;
  const asks = byHand(sale) ? t("Scan and pay, then show the cashier your phone.") : t("Scan and pay. This screen changes by itself.");
  const facts = [merchant?.nmid && `NMID ${merchant.nmid}`, merchant?.acquirer].filter(Boolean).join(" · ");
  fill(
    place,
    h("div", { class: "code-side" }, h("div", { class: "code-picture" }, h("img", { src: picture, alt: t("QRIS code"), width: "400", height: "400", draggable: "false" }))),
    h(
      "section",
      { class: "code-words" },
      sale.qris.sandbox && h("p", { class: "code-trial" }, t("TRIAL, not real money")),
      h("h1", null, t("Pay by QRIS")),
      h("p", { class: `code-amount amount${isLong(amount) ? " long" : ""}` }, rupiah(amount)),
      h("p", { class: "code-asks" }, asks),
      merchant?.name && h("p", { class: "code-merchant" }, h("strong", null, merchant.name), facts && h("span", { class: "code-facts" }, facts)),
      left,
    ),
  );
  return {
    draw() {
      say(left, byHand(sale) ? "" : t("%(time)s left", { time: minutes(Date.parse(sale.qris.expires_at) - now()) }));
    },
  };
}

/** @param {any} place @param {any} sale */
export function paidPart(place, sale) {
  const paid = paidFigures(sale);
  const cash = paid.large === "change";
  const large = cash ? paid.change : paid.total;
  const rows = cash ? [[t("Total"), paid.total], [t("Received"), paid.received]] : [];
  fill(
    place,
    h(
      "section",
      { class: "thanks" },
      h("h1", { class: "thanks-word" }, icon("check"), t("Thank you!")),
      h("p", { class: "thanks-label" }, cash ? t("Change") : t("Paid")),
      h("p", { class: `thanks-amount amount${isLong(large) ? " long" : ""}` }, rupiah(large)),
      rows.length > 0 && h("dl", { class: "thanks-rows" }, rows.map(([term, value]) => h("div", null, h("dt", null, term), h("dd", { class: "amount" }, rupiah(Number(value)))))),
      h("p", { class: "thanks-number" }, t("Receipt %(number)s", { number: sale.number ?? "" })),
    ),
  );
  return {};
}

/** What the buyer should know of a payment that came to nothing. @param {any} sale */
export function overWords(sale) {
  const phase = phaseOf(sale);
  if (needsPerson(phase)) return t("Your money has arrived, but a member of staff has to look at it. Please wait.");
  if (phase === "nocode") return t("The code could not be made. Nothing was paid.");
  if (phase === "expired" && byHand(sale)) return t("The time is over. If you have paid, show the cashier your phone.");
  return t("This code is no longer valid. Please do not pay with it.");
}

/** @param {any} place @param {any} sale */
export function overPart(place, sale) {
  fill(place, h("section", { class: "notice-large" }, icon("alert"), h("h1", null, overWords(sale))));
  return {};
}

/** @param {any} place @param {import("./stage.js").Stage} kind @param {any} sale */
export function waitPart(place, kind, sale) {
  const words = { making: t("The code is being made…"), checking: t("Your payment is being checked. Please wait, and do not pay again.") };
  const amount = kind !== "wait" && sale ? h("p", { class: "notice-amount amount" }, rupiah(sale.qris?.amount ?? sale.total)) : null;
  fill(place, h("section", { class: "notice-large" }, h("span", { class: "display-spinner", "aria-hidden": "true" }), h("h1", null, words[/** @type {"making"|"checking"} */ (kind)] ?? t("One moment please…")), amount));
  return {};
}
