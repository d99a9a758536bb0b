// @ts-check
/** Cash that is no likely note: the keypad with notes that add up, and the rest by QRIS. */
import { button, h } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { amountPad } from "../lib/keypad.js";
import { rupiah } from "../lib/money.js";
import { NOTES } from "../lib/tender.js";
import { t } from "../lib/i18n.js";

/** @typedef {import("./sale.js").Tender} Tender */

/** @param {{cash: number, exact: number}} due @param {(tenders: Tender[], total: number) => void} pay */
export function askAmount({ cash: total, exact: whole }, pay) {
  const said = h("p", { class: "other-said", role: "status" });
  const enough = button(t("Pay"), () => finish([{ method: "cash", amount: /** @type {number} */ (pad.get()) }], total), { kind: "money wide big", disabled: true });
  const rest = button(t("The rest by QRIS"), () => finish([{ method: "cash", amount: /** @type {number} */ (pad.get()) }, { method: "qris" }], whole), { kind: "qris wide big", hidden: true });
  const pad = amountPad({
    id: "received",
    label: t("Cash received"),
    notes: NOTES,
    onChange: draw,
    onEnter: () => enough.disabled || enough.click(),
  });
  const { close } = openDialog({
    title: t("Another amount"),
    kind: "other",
    body: [
      pad.element,
      h("div", { class: "other-side" }, h("p", { class: "soft" }, t("To pay")), h("p", { class: "other-total amount" }, rupiah(total)), said, enough, rest),
    ],
  });
  draw(null);
  pad.input.focus();

  /** @param {number|null} amount */
  function draw(amount) {
    said.textContent = shortWords(total, amount);
    enough.disabled = amount === null || amount < total;
    rest.hidden = !(amount && amount < whole);
  }

  /** @param {Tender[]} tenders @param {number} shown */
  function finish(tenders, shown) {
    close();
    pay(tenders, shown);
  }
}

/** What an amount lacks of a total, or what goes back. @param {number} total @param {number|null} amount null: nothing typed */
export function shortWords(total, amount) {
  if (amount === null) return "";
  return amount < total ? t("%(amount)s missing", { amount: rupiah(total - amount) }) : t("%(amount)s back", { amount: rupiah(amount - total) });
}
