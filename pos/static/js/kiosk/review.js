// @ts-check
/** Looking over what was chosen, and the two ways to pay for it. */
import { button, fill, h, say } from "../lib/dom.js";
import { sureButton } from "../lib/dialog.js";
import { rupiah } from "../lib/money.js";
import { uuid7 } from "../lib/uuid7.js";
import { t } from "../lib/i18n.js";
import { quantityOf } from "../till/cart.js";
import { pictureOf, stepper } from "./goods.js";
import { arrowsFor } from "./reach.js";
import { payByQris, takeSlip, turnTo } from "./machine.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {import("./server.js").Server} server */
export function reviewScreen(app, server) {
  const { store, boot } = app;
  const lines = h("ul", { class: "checks" });
  const sum = h("strong", { class: "sum-amount amount" });
  const note = h("p", { class: "kiosk-note", role: "alert" });
  const back = button(t("Choose more"), () => app.go(turnTo(store.get().at, "choose")), { kind: "huge", "data-say": "choose-more" });
  const stop = sureButton(t("Cancel"), t("Really cancel?"), app.restart, { kind: "huge quiet danger", "data-say": "cancel" });
  const qris = button(t("Pay by QRIS"), () => start((id) => payByQris(store.get().at, id, boot.register.code, app.total())), { kind: "primary huge", "data-say": "pay-qris" });
  const slip = button(t("Pay at the counter"), () => start((id) => takeSlip(store.get().at, id, boot.register.code)), { kind: "huge strong", "data-say": "pay-counter" });
  const element = h(
    "section",
    { class: "screen review" },
    h("h1", { tabindex: "-1" }, t("Is this right?")),
    h("div", { class: "reach" }, lines, arrowsFor(lines)),
    h("div", { class: "foot" }, note, h("p", { class: "sum-line" }, h("span", null, t("Total")), sum), h("div", { class: "foot-buttons" }, stop, back, slip, qris)),
  );

  /** @param {(id: string) => import("./machine.js").State} next */
  function start(next) {
    app.go(next(uuid7()));
    server.settle();
  }

  /** @type {Map<string, () => void>} */
  let rows = new Map();

  /** @param {string} sku */
  function row(sku) {
    const name = app.name(sku);
    const steps = stepper(app, sku);
    const price = h("span", { class: "soft amount" });
    const total = h("span", { class: "check-total amount" });
    const short = h("span", { class: "check-short" });
    rows.set(sku, () => {
      const product = app.product(sku);
      const quantity = quantityOf(store.get().at.cart, sku);
      steps.draw();
      say(price, product ? rupiah(product.price) : "");
      say(total, product ? rupiah(product.price * quantity) : "");
      say(short, product && product.available >= quantity ? "" : t("Only %(count)s left", { count: Math.max(0, product?.available ?? 0) }));
    });
    return h("li", { class: "check", "data-sku": sku }, pictureOf(app.product(sku), name), h("div", { class: "check-words" }, h("span", { class: "check-name" }, name), price, short), steps.element, total);
  }

  function draw() {
    const { at } = store.get();
    const wanted = at.cart.lines.map((line) => line.sku);
    if (wanted.join() !== [...rows.keys()].join()) {
      rows = new Map();
      fill(lines, wanted.map(row));
    }
    for (const one of rows.values()) one();
    say(sum, rupiah(app.total()));
    say(note, refusalWords(at.refusal));
    const enough = at.cart.lines.every((line) => (app.product(line.sku)?.available ?? 0) >= line.quantity);
    qris.disabled = slip.disabled = !enough;
  }

  return { element, draw };
}

/** @param {import("./machine.js").Refusal|null} refusal */
function refusalWords(refusal) {
  if (!refusal) return "";
  switch (refusal.why) {
    case "price":
      return t("A price has changed. Nothing was paid. Please look at the new total.");
    case "stock":
      return t("Somebody was quicker: there is not enough left. Nothing was paid. Please choose fewer.");
    case "expired":
      return t("One of the goods is past its date and is not sold. Nothing was paid. Please take it out.");
    case "code":
      return t("QRIS does not work at this moment. Nothing was paid. Try again, or pay at the counter.");
    default:
      return [refusal.text, t("Nothing was paid.")].filter(Boolean).join(" ");
  }
}
