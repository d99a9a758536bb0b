// @ts-check
/** Choosing: large pictures, one touch puts one in; the sum and the way on stand below. */
import { button, fill, h, say } from "../lib/dom.js";
import { sureButton } from "../lib/dialog.js";
import { rupiah } from "../lib/money.js";
import { items, t } from "../lib/i18n.js";
import { quantityOf } from "../till/cart.js";
import { categoriesOf } from "../till/catalogue.js";
import { arrowsFor } from "./reach.js";
import { leftWords, pictureOf, stepper } from "./goods.js";
import { turnTo } from "./machine.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./app.js").Product} Product */

/** Nobody walks through more pictures than this; kinds of goods lead to the rest. */
const MOST = 200;

/** @param {App} app */
export function chooseScreen(app) {
  const { store } = app;
  const chips = h("div", { class: "kinds", role: "group", "aria-label": t("Kinds of goods") });
  const grid = h("ul", { class: "picks" });
  const count = h("span", { class: "sum-count" });
  const sum = h("strong", { class: "sum-amount amount" });
  const on = button(t("Continue"), () => app.go(turnTo(store.get().at, "review")), { kind: "primary huge", "data-say": "continue" });
  const stop = sureButton(t("Cancel"), t("Really cancel?"), app.restart, { kind: "huge quiet danger", "data-say": "cancel" });
  const element = h(
    "section",
    { class: "screen choose" },
    h("div", { class: "choose-head" }, h("h1", { tabindex: "-1" }, t("What would you like?")), h("div", { class: "reach" }, chips, arrowsFor(chips, { across: true }))),
    grid,
    h("div", { class: "foot" }, h("p", { class: "sum-line", role: "status" }, count, sum), h("div", { class: "foot-buttons" }, arrowsFor(grid), stop, on)),
  );
  let kind = "";
  let drawn = /** @type {any} */ (null);
  /** @type {Map<string, {draw: () => void}>} */
  let tiles = new Map();

  function drawAll() {
    const { products } = store.get();
    drawn = products;
    const kinds = categoriesOf(products, store.get().kinds);
    if (!kinds.includes(kind)) kind = "";
    fill(chips, kinds.length > 1 ? ["", ...kinds].map((name, n) => button(name || t("All"), () => choose(name), { kind: "chip", "data-say": n ? `kind ${n}` : "kind-all", "aria-pressed": String(name === kind) })) : []);
    chips.hidden = kinds.length < 2;
    tiles = new Map();
    const top = grid.scrollTop;
    const focused = grid.contains(document.activeElement) ? document.activeElement?.closest("li")?.dataset.sku : undefined;
    fill(grid, products.filter((one) => !kind || one.category === kind).slice(0, MOST).map((one) => tile(one, products)));
    grid.scrollTop = top;
    // Whoever walks by keys stays where they are when stock changes elsewhere.
    if (focused) /** @type {any} */ (grid.querySelector(`[data-sku="${CSS.escape(focused)}"] .pick-face`))?.focus({ preventScroll: true });
  }

  /** @param {string} name */
  function choose(name) {
    kind = name;
    drawn = null;
    draw();
    /** @type {any} */ (chips.querySelector('[aria-pressed="true"]'))?.focus();
  }

  /** @param {Product} product @param {readonly Product[]} products its place among them is its number for who hears it */
  function tile(product, products) {
    const name = app.name(product.sku);
    const steps = stepper(app, product.sku);
    const none = product.available <= 0;
    const left = leftWords(product.available);
    const add = h("span", { class: "pick-add" }, none ? t("Sold out") : t("Add"));
    const face = h(
      "button",
      { type: "button", class: "pick-face", disabled: none, on: { click: steps.add } },
      pictureOf(product, name),
      h("span", { class: "pick-number amount", "aria-hidden": "true" }, products.indexOf(product) + 1),
      h("span", { class: "pick-name" }, name),
      " ",
      h("span", { class: "pick-price" }, h("span", { class: "amount" }, rupiah(product.price)), " ", !none && left && h("span", { class: "pick-left" }, left)),
      " ",
      add,
    );
    const item = h("li", { class: none ? "pick out" : "pick", "data-sku": product.sku }, face, steps.element);
    tiles.set(product.sku, {
      draw() {
        const quantity = quantityOf(store.get().at.cart, product.sku);
        const here = quantity > 0;
        face.dataset.say = `${app.spoken(product.sku)} ${product.price} rupiah${here ? ` chosen ${quantity}` : ""}`;
        item.classList.toggle("in", here);
        steps.element.hidden = !here;
        steps.draw();
      },
    });
    return item;
  }

  function draw() {
    const { at, products } = store.get();
    if (drawn !== products) drawAll();
    for (const one of tiles.values()) one.draw();
    const pieces = at.cart.lines.reduce((all, line) => all + line.quantity, 0);
    say(count, pieces ? items(pieces) : t("Nothing chosen yet"));
    say(sum, pieces ? rupiah(app.total()) : "");
    on.disabled = !pieces;
  }

  return { element, draw };
}
