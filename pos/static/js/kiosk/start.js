// @ts-check
/** Nobody is here: what there is to buy, and one button as large as the screen. */
import { button, fill, h, say } from "../lib/dom.js";
import { rupiah } from "../lib/money.js";
import { t } from "../lib/i18n.js";
import { begin } from "./machine.js";
import { pictureOf } from "./goods.js";

const SHOWN = 6;

/** @param {import("./app.js").App} app */
export function startScreen(app) {
  const { store, boot } = app;
  const go = () => store.get().products.length && app.go(begin(store.get().at));
  const goods = h("ul", { class: "start-goods", "aria-hidden": "true" });
  const trouble = h("p", { class: "kiosk-note", role: "status" });
  const touch = button(t("Touch to start"), go, { kind: "primary start-button", "data-say": "touch-to-start" });
  const element = h(
    "section",
    { class: "screen start", on: { click: (/** @type {Event} */ event) => event.target instanceof Element && !event.target.closest("button") && go() } },
    h("div", null, h("h1", { tabindex: "-1" }, t("Welcome")), h("p", { class: "start-what" }, t("Made by the people here. Choose, pay, take it along."))),
    goods,
    h("div", { class: "start-foot" }, trouble, touch),
  );
  let drawn = /** @type {any} */ (null);
  return {
    element,
    draw() {
      const { products, loaded, online } = store.get();
      touch.disabled = !products.length;
      say(trouble, loaded && !products.length ? t("There is nothing to sell here yet. Please go to the counter.") : !loaded && !online ? t("The kiosk does not reach its server. Please go to the counter.") : "");
      if (drawn === products) return;
      drawn = products;
      const shown = products.filter((one) => one.available > 0).slice(0, SHOWN);
      fill(goods, shown.map((one) => h("li", null, pictureOf(one, app.name(one.sku)), h("span", { class: "start-name" }, app.name(one.sku)), h("span", { class: "amount" }, rupiah(one.price)))));
      element.dataset.shop = boot.shop;
    },
  };
}
