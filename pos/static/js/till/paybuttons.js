// @ts-check
/** The money buttons: exact, the likely notes, QRIS, and the keypad for everything else. One tap pays. */
import { button, byId, fill, h } from "../lib/dom.js";
import { dotted } from "../lib/money.js";
import { quickCash } from "../lib/tender.js";
import { t } from "../lib/i18n.js";
import { lineViews } from "./cart.js";
import { later } from "./toast.js";
import { cashTotals, exactTotal } from "./totals.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./sale.js").Tender} Tender */

/** @param {App} app @param {(tenders: Tender[], total: number) => void} pay */
export function payButtons(app, pay) {
  const { store, boot } = app;
  const root = byId("pay");
  const exact = button(t("Exact cash"), () => cash(due().cash), { kind: "money exact" });
  const notes = h("div", { class: "pay-notes", role: "group", "aria-label": t("Cash received") });
  const qris = button("QRIS", () => pay([{ method: "qris" }], due().exact), { kind: "qris big" });
  const load = later(() => import("./otheramount.js"));
  const other = button(t("Other…"), async () => (await load())?.askAmount(due(), pay), { kind: "big" });
  fill(root, exact, notes, h("div", { class: "pay-more" }, other, qris));

  function due() {
    const { cart, catalogue } = store.get();
    const views = lineViews(cart, catalogue.bySku, boot.locale);
    return { cash: cashTotals(views, boot.rounding_step, cart).total, exact: exactTotal(views, cart) };
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

  return { load };
}
