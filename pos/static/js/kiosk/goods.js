// @ts-check
/** Pieces that show a product: its picture, the plus and minus beside it, and how many are left. */
import { button, h, icon } from "../lib/dom.js";
import { play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { quantityOf } from "../till/cart.js";
import { put } from "./machine.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./app.js").Product} Product */

/** Few enough to say so. */
const FEW = 5;

/** @param {Product|null} product @param {string} name */
export function pictureOf(product, name) {
  if (product?.picture) return h("img", { class: "picture", src: product.picture, alt: "", loading: "lazy", decoding: "async", draggable: "false" });
  const letters = name.split(/\s+/).slice(0, 2).map((word) => word.slice(0, 1)).join("");
  return h("span", { class: "picture letters", "aria-hidden": "true" }, letters);
}

/** @param {number} available */
export function leftWords(available) {
  if (available <= 0) return t("Sold out");
  return available <= FEW ? t("%(count)s left", { count: available }) : "";
}

/**
 * Minus, how many, plus; never more than there are.
 * @param {App} app @param {string} sku
 */
export function stepper(app, sku) {
  const { store } = app;
  /** @param {number} step */
  const change = (step) => () => {
    const { at } = store.get();
    const next = quantityOf(at.cart, sku) + step;
    if (step > 0 && next > (app.product(sku)?.available ?? 0)) return play("no");
    play("ok");
    app.go(put(at, sku, next));
  };
  const name = app.name(sku);
  const said = app.spoken(sku);
  const less = button([icon("minus")], change(-1), { kind: "step", "data-say": `less ${said}`, "aria-label": t("One less of %(name)s", { name }) });
  const more = button([icon("plus")], change(1), { kind: "step", "data-say": `more ${said}`, "aria-label": t("One more of %(name)s", { name }) });
  const count = h("output", { class: "step-count amount" });
  return {
    element: h("div", { class: "stepper" }, less, count, more),
    add: change(1),
    draw() {
      const quantity = quantityOf(store.get().at.cart, sku);
      if (count.textContent !== String(quantity)) count.textContent = String(quantity);
      more.disabled = quantity >= (app.product(sku)?.available ?? 0);
    },
  };
}
