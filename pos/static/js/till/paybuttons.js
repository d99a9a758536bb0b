// @ts-check
/** The money buttons: exact, the likely notes, QRIS, and the keypad for everything else. One tap pays. */
import { button, byId, fill, h } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { amountPad } from "../lib/keypad.js";
import { dotted, rupiah } from "../lib/money.js";
import { quickCash } from "../lib/tender.js";
import { t } from "../lib/i18n.js";
import { lineViews } from "./cart.js";
import { cashTotals, exactTotal } from "./totals.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./sale.js").Tender} Tender */

const NOTES = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];

/** @param {App} app @param {(tenders: Tender[], total: number) => void} pay */
export function payButtons(app, pay) {
  const { store, boot } = app;
  const root = byId("pay");
  const exact = button(t("Exact cash"), () => cash(due().cash), { kind: "money exact" });
  const notes = h("div", { class: "pay-notes", role: "group", "aria-label": t("Cash received") });
  const qris = button("QRIS", () => pay([{ method: "qris" }], due().exact), { kind: "qris big" });
  const other = button(t("Other…"), otherAmount, { kind: "big" });
  fill(root, exact, notes, h("div", { class: "pay-more" }, other, qris));

  function due() {
    const { cart, catalogue } = store.get();
    const views = lineViews(cart, catalogue.bySku, boot.locale);
    return { cash: cashTotals(views, boot.rounding_step, cart.discount).total, exact: exactTotal(views, cart.discount) };
  }

  /** @param {number} amount */
  function cash(amount) {
    pay([{ method: "cash", amount }], due().cash);
  }

  store.watch(["cart", "catalogue", "pending", "user"], ({ cart, pending, user, catalogue }) => {
    const still = !cart.lines.length || Boolean(pending) || !catalogue.products.length;
    const rights = user?.rights ?? null;
    const noCash = rights !== null && !rights.includes("take_cash");
    root.classList.toggle("no-cash", noCash);
    for (const one of [exact, notes, other]) one.hidden = noCash;
    for (const one of [exact, qris, other]) one.disabled = still;
    // While an answer is awaited the same buttons stay where they are: nothing may move under a second tap.
    if (pending) for (const one of notes.children) /** @type {any} */ (one).disabled = true;
    else fill(notes, quickCash(due().cash).map((amount) => button(dotted(amount), () => cash(amount), { kind: "note", disabled: still })));
  });

  function otherAmount() {
    const { cash: total, exact: whole } = due();
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
      const short = total - (amount ?? 0);
      said.textContent = amount === null ? "" : short > 0 ? t("%(amount)s missing", { amount: rupiah(short) }) : t("%(amount)s back", { amount: rupiah(-short) });
      enough.disabled = amount === null || short > 0;
      rest.hidden = !(amount && amount < whole);
    }

    /** @param {Tender[]} tenders @param {number} shown */
    function finish(tenders, shown) {
      close();
      pay(tenders, shown);
    }
  }
}
