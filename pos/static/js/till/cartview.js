// @ts-check
/** The cart at the side: lines with plus and minus, the total. Lines are kept in place so that a finger finds them again. */
import { button, byId, fill, h, icon, say } from "../lib/dom.js";
import { sureButton } from "../lib/dialog.js";
import { dotted, rupiah } from "../lib/money.js";
import { t } from "../lib/i18n.js";
import { emptyCart, lineViews, pieces, quantityOf, setQuantity } from "./cart.js";
import { cashTotals } from "./totals.js";
import { toast } from "./toast.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./cart.js").LineView} LineView */

/** @param {import("./cart.js").Cart} cart */
function countWords(cart) {
  const words = t("%(count)s items", { count: pieces(cart) });
  return cart.order ? t("No. %(number)s · %(words)s", { number: cart.order.number, words }) : words;
}

/** @param {App} app */
export function cartView(app) {
  const { store, boot } = app;
  const list = byId("lines");
  const total = byId("total");
  const rounding = byId("rounding");
  const count = byId("cart-count");
  /** @type {Map<string, ReturnType<typeof lineElement>>} */
  const shown = new Map();
  const empty = sureButton(t("Empty"), t("Really empty?"), () => {
    change(emptyCart(), t("The cart is empty."));
  }, { kind: "quiet danger", id: "cart-empty" });
  byId("cart-head").append(empty);

  store.watch(["cart", "catalogue", "pending"], ({ cart, catalogue, pending }) => {
    const views = lineViews(cart, catalogue.bySku, boot.locale);
    for (const sku of [...shown.keys()]) if (!views.some((view) => view.sku === sku)) shown.delete(sku);
    const rows = views.map((view) => {
      const row = shown.get(view.sku) ?? lineElement(view.sku);
      shown.set(view.sku, row);
      row.draw(view, Boolean(pending));
      return row.element;
    });
    const added = rows.length > list.children.length;
    if (rows.some((row, i) => list.children[i] !== row) || rows.length !== list.children.length) fill(list, rows);
    if (added) list.lastElementChild?.scrollIntoView({ block: "nearest" });
    const sums = cashTotals(views, boot.rounding_step, cart.discount);
    say(total, rupiah(sums.subtotal - sums.discount));
    say(rounding, sums.rounding ? t("In cash %(total)s (rounded)", { total: rupiah(sums.total) }) : "");
    say(count, views.length ? countWords(cart) : "");
    empty.hidden = !views.length;
    empty.disabled = Boolean(pending);
  });

  /** Change the cart; with words it can be undone, as long as nothing else has happened. @param {import("./cart.js").Cart} after @param {string} words */
  function change(after, words) {
    const before = store.get().cart;
    app.setCart(after);
    if (words) toast(words, { label: t("Undo"), act: () => store.get().cart === after && app.setCart(before) });
  }

  /** @param {string} sku */
  function lineElement(sku) {
    const name = h("span", { class: "line-name", id: `line-${sku}` });
    const unit = h("span", { class: "line-unit soft small" });
    const warn = h("span", { class: "line-warn" });
    const quantity = h("output", { class: "line-quantity", "aria-describedby": `line-${sku}` });
    const sum = h("span", { class: "line-total amount" });
    const less = button([icon("minus")], () => step(-1), { kind: "step", "aria-label": t("One less"), "aria-describedby": `line-${sku}` });
    const more = button([icon("plus")], () => step(1), { kind: "step", "aria-label": t("One more"), "aria-describedby": `line-${sku}` });
    const element = h("li", { class: "line" }, h("div", { class: "line-words" }, name, unit, warn), h("div", { class: "line-steps" }, less, quantity, more), sum);
    /** @param {number} by */
    function step(by) {
      const before = store.get().cart;
      const wanted = quantityOf(before, sku) + by;
      change(setQuantity(before, sku, wanted), wanted < 1 ? t("%(name)s taken out.", { name: name.textContent }) : "");
    }
    return {
      element,
      /** @param {LineView} view @param {boolean} still */
      draw(view, still) {
        say(name, view.name);
        say(unit, `@ ${dotted(view.unitPrice)}${view.discount ? ` − ${dotted(view.discount)} ${view.reason}` : ""}`);
        say(quantity, String(view.quantity));
        say(sum, dotted(view.total));
        say(warn, view.left !== null && view.quantity > view.left ? (view.left > 0 ? t("Only %(count)s left", { count: view.left }) : t("Sold out")) : "");
        less.disabled = more.disabled = still;
      },
    };
  }
}
