// @ts-check
/** The cart at the side: lines with plus and minus, the total. Lines are kept in place so that a finger finds them again. */
import { button, byId, h, icon, say } from "../lib/dom.js";
import { dotted, rupiah } from "../lib/money.js";
import { items, t } from "../lib/i18n.js";
import { emptyCart, lineViews, pieces, quantityOf, setQuantity, undone } from "./cart.js";
import { cashTotals } from "./totals.js";
import { hush, later, toast, UNDO, undoing } from "./toast.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./cart.js").LineView} LineView */

/** @param {import("./cart.js").Cart} cart */
function countWords(cart) {
  const words = items(pieces(cart));
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
  const empty = button(t("Empty"), (event) => change(emptyCart(), t("The cart is empty."), event), { kind: "quiet danger", id: "cart-empty" });
  byId("cart-head").append(empty);
  const load = later(() => import("./extras.js"));
  /** Discounts and notes come after the first load. @param {string} [sku] none: of the whole sale */
  const edit = async (sku) => (await load())?.openExtras(app, sku ?? "", change);
  const whole = h("span", null);
  const extras = button([icon("tag"), whole], () => edit(), { kind: "quiet", id: "sale-extras" });
  const last = h("li", { class: "line-whole" }, extras);
  const off = byId("off");

  store.watch(["cart", "catalogue", "pending"], ({ cart, catalogue, pending }) => {
    const views = lineViews(cart, catalogue.bySku, boot.locale);
    for (const sku of [...shown.keys()]) if (!views.some((view) => view.sku === sku)) shown.delete(sku);
    const rows = views.map((view) => {
      const row = shown.get(view.sku) ?? lineElement(view.sku);
      shown.set(view.sku, row);
      row.draw(view, Boolean(pending));
      return row.element;
    });
    const newest = rows.at(-1);
    if (newest) rows.push(last);
    const added = rows.length > list.children.length;
    rows.forEach((row, i) => list.children[i] !== row && list.insertBefore(row, list.children[i]));
    while (list.children[rows.length]) list.lastChild.remove();
    // By then the frame is laid out, once.
    if (added) requestAnimationFrame(() => newest?.scrollIntoView({ block: "nearest" }));
    const sums = cashTotals(views, boot.rounding_step, cart);
    say(off, sums.discount ? t("Discount −%(amount)s", { amount: dotted(sums.discount) }) : "");
    say(whole, [sums.discount && `${cart.reason} −${dotted(sums.discount)}`, cart.note].filter(Boolean).join(" · ") || t("Discount, note for all"));
    say(total, rupiah(sums.subtotal - sums.discount));
    say(rounding, sums.rounding ? t("In cash %(total)s (rounded)", { total: rupiah(sums.total) }) : "");
    say(count, views.length ? countWords(cart) : "");
    empty.hidden = !views.length;
    empty.disabled = extras.disabled = Boolean(pending);
  });
  // What was taken out before a sale or by somebody else does not come back.
  store.watch(["pending", "user"], () => hush());

  /** Change the cart; with words it can be undone. @param {import("./cart.js").Cart} after @param {string} words @param {Event} [event] from a key: the way back gets the focus */
  function change(after, words, event) {
    const before = store.get().cart;
    app.setCart(after);
    if (!words) return;
    toast(words, undoing(() => app.setCart(store.get().cart === after ? before : undone(before, store.get().cart))), UNDO);
    if (/** @type {any} */ (event)?.detail === 0) /** @type {any} */ (byId("toast").querySelector("button"))?.focus();
  }

  /** @param {string} sku */
  function lineElement(sku) {
    const name = h("span", { class: "line-name", id: `line-${sku}` });
    const unit = h("span", { class: "line-unit soft small" });
    const note = h("span", { class: "line-note small" });
    const face = h("button", { type: "button", class: "line-words", on: { click: () => edit(sku) } }, name, " ", unit, " ", note);
    const warn = h("span", { class: "line-warn" });
    const quantity = h("output", { class: "line-quantity", "aria-describedby": `line-${sku}` });
    const sum = h("span", { class: "line-total amount" });
    const less = button([icon("minus")], (event) => step(-1, event), { kind: "step", "aria-label": t("One less"), "aria-describedby": `line-${sku}` });
    const more = button([icon("plus")], () => step(1), { kind: "step", "aria-label": t("One more"), "aria-describedby": `line-${sku}` });
    const element = h("li", { class: "line" }, h("div", { class: "line-left" }, face, warn), h("div", { class: "line-steps" }, less, quantity, more), sum);
    /** @param {number} by @param {Event} [event] */
    function step(by, event) {
      const before = store.get().cart;
      const wanted = quantityOf(before, sku) + by;
      change(setQuantity(before, sku, wanted), wanted < 1 ? t("%(name)s taken out.", { name: name.textContent }) : "", event);
    }
    return {
      element,
      /** @param {LineView} view @param {boolean} still */
      draw(view, still) {
        say(name, view.name);
        say(unit, `@ ${dotted(view.unitPrice)}${view.discount ? ` − ${dotted(view.discount)} ${view.reason}` : ""}`);
        say(note, view.note);
        face.setAttribute("aria-label", t("Discount, note: %(words)s", { words: [name, unit, note].map((one) => one.textContent).join(" ") }));
        say(quantity, String(view.quantity));
        say(sum, dotted(view.total));
        say(warn, view.left !== null && view.quantity > view.left ? (view.left > 0 ? t("Only %(count)s left", { count: view.left }) : t("Sold out")) : "");
        less.disabled = more.disabled = face.disabled = still;
      },
    };
  }

  return { load };
}
