// @ts-check
/** After a sale: the change in large figures, until the next product is tapped or scanned. Also what went wrong instead. */
import { button, byId, fill, h, icon } from "../lib/dom.js";
import { rupiah } from "../lib/money.js";
import { t } from "../lib/i18n.js";
import { cutTo, nameOf } from "./cart.js";
import { wayWords } from "./failures.js";
import { byQris, correctable, paidWords } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {{reprint: (sale: any) => void, correct: (sale: any) => void, printAgain: () => void, again: () => void, askNow: () => void, countIn: (refusal: any) => void}} act */
export function changeView(app, act) {
  const { store, boot } = app;
  const place = byId("outcome");
  const panel = byId("cart");

  store.watch(["done", "pending", "refusal", "status", "cart", "lastSale", "catalogue"], (state) => {
    const content = pendingPart(state) ?? refusalPart(state) ?? donePart(state) ?? idlePart(state);
    const key = JSON.stringify([content?.key, state.status?.printer?.state]);
    if (place.dataset.key === key) return;
    place.dataset.key = key;
    panel.dataset.outcome = content?.kind ?? "";
    fill(place, content?.parts ?? []);
    place.hidden = !content;
  });

  /** @param {import("./sale.js").SaleBody} body */
  function asksForCode(body) {
    return boot.qris.provider !== "static" && body.tenders.some((one) => one.method === "qris");
  }

  /** @param {import("./app.js").State} state */
  function pendingPart({ pending }) {
    if (!pending) return null;
    if (!pending.silent) return { kind: "asking", key: ["asking", pending.body.id], parts: [h("p", { class: "outcome-asking" }, asksForCode(pending.body) ? t("The code is being made…") : t("Saving…"))] };
    const parts = [
      h("h3", null, icon("alert"), t("The server has not answered yet")),
      pending.message && h("p", null, pending.message),
      h("p", null, t("It is not known whether this sale is saved. The till asks again by itself and never sells twice. Wait before giving goods or change.")),
      button(t("Ask again"), act.askNow, { kind: "primary" }),
    ];
    return { kind: "unanswered", key: ["silent", pending.body.id, pending.message], parts };
  }

  /** @param {import("./app.js").State} state */
  function refusalPart({ refusal, catalogue }) {
    if (!refusal) return null;
    const { sale, way = "cart", shortages = [] } = refusal;
    const ways = { again: act.again, left: () => app.setCart(cutTo(store.get().cart, shortages)), cart: () => store.set({ refusal: null }) };
    const named = (/** @type {string} */ sku) => {
      const product = catalogue.bySku.get(sku);
      return product ? nameOf(product, boot.locale) : sku;
    };
    const parts = [
      h("h3", null, icon("alert"), refusal.text),
      shortages.length > 0 &&
        h("ul", { class: "shortages" }, shortages.map((one) => h("li", null, h("span", null, named(one.sku)), h("strong", null, t("%(count)s left", { count: one.available }))))),
      h(
        "div",
        { class: "buttons" },
        button(wayWords(way, sale?.body.tenders.some((one) => one.method === "qris")), ways[way], { kind: "primary" }),
        way === "left" && button(t("Goods in hand? Count in"), () => act.countIn(refusal), {}),
      ),
    ];
    return { kind: "trouble", key: ["refusal", refusal], parts };
  }

  /** @param {import("./app.js").State} state */
  function donePart({ done, status, cart, shift }) {
    if (!done) return null;
    const paid = (done.tenders ?? []).reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + (one.amount ?? 0), 0);
    const trouble = status?.printer?.trouble;
    const large = !byQris(done) || done.change > 0;
    const rows = [
      [t("Total"), rupiah(done.total)],
      [t("Received"), rupiah(paid)],
      large ? null : [t("Change"), rupiah(done.change ?? 0)],
    ].filter((row) => row !== null);
    const parts = [
      h("div", { class: "change-head" }, h("p", null, done.number), !trouble && button([icon("printer"), t("Print a copy")], () => act.reprint(done), {})),
      h(
        "div",
        { class: "change-words" },
        h("p", { class: "change-label" }, large ? t("Change") : t("Paid")),
        h("p", { class: "change-amount amount" }, rupiah(large ? done.change ?? 0 : done.total)),
        h("dl", { class: "change-rows" }, rows.map(([term, value]) => h("div", null, h("dt", null, term), h("dd", { class: "amount" }, value)))),
        correctable(done, shift) && button(t("Wrong? Change the payment"), () => act.correct(done), { kind: "change-fix" }),
        trouble && h("div", { class: "change-printer" }, h("p", null, t("The sale is saved."), " ", trouble), button(t("Print again"), act.printAgain, {})),
        // A payment that was awaited came in while the next customer's cart was begun.
        cart.lines.length > 0 && button(t("Back to the cart"), () => store.set({ done: null }), { kind: "primary big" }),
      ),
    ];
    return { kind: "done", key: [done, cart.lines.length > 0], parts };
  }

  /** @param {import("./app.js").State} state */
  function idlePart({ cart, lastSale }) {
    if (cart.lines.length) return null;
    const parts = [
      icon("basket"),
      h("p", null, t("Tap a product or scan its barcode.")),
      lastSale && h("p", { class: "last-sale" }, t("Last sale %(number)s: %(total)s", { number: lastSale.number, total: rupiah(lastSale.total) }), h("span", { class: "soft small" }, paidWords(lastSale))),
    ];
    return { kind: "idle", key: ["idle", lastSale], parts };
  }
}
