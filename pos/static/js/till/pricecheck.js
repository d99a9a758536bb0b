// @ts-check
/** What does this cost? A scan or a word shows a product with its price, what is left and the next date; one button adds it. */
import { ask, Unanswered } from "../lib/api.js";
import { button, fill, h, say } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { rupiah } from "../lib/money.js";
import { play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { nameOf } from "./cart.js";
import { stockWords } from "./grid.js";
import { productOf } from "./scan.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./cart.js").Product} Product */

const MOST_FOUND = 8;

/** @param {App} app @param {{add: (product: any) => void, refreshProducts: () => Promise<void>}} act */
export function openPriceCheck(app, act) {
  const { store, boot } = app;
  const said = h("p", { class: "check-said", role: "status" });
  const list = h("ul", { class: "check-found" });
  const detail = h("div", { class: "check-detail", "aria-live": "polite" });
  const input = h("input", { id: "price-search", type: "search", class: "input", autocomplete: "off", "data-typing": "text", on: { input: find, keydown: enter } });
  const field = h("div", { class: "field" }, h("label", { for: "price-search" }, t("Scan, or type a name")), input);
  let asked = 0;
  const { close } = openDialog({ title: t("Check price"), kind: "pricecheck", body: [h("div", { class: "check-search" }, field, said, list), detail], onClose: () => (app.lookUp = null) });
  app.lookUp = scanned;

  function find() {
    const words = input.value.trim();
    const found = words ? store.get().catalogue.find("", words) : [];
    fill(list, found.slice(0, MOST_FOUND).map((one) => h("li", null, button([h("span", { class: "grow" }, nameOf(one, boot.locale)), h("strong", { class: "amount" }, rupiah(one.price))], () => show(one), { kind: "check-row" }))));
    say(said, !words || found.length ? "" : t("Nothing found for “%(query)s”.", { query: words }));
    if (found.length === 1) show(found[0]);
  }

  /** @param {KeyboardEvent} event */
  function enter(event) {
    if (event.key !== "Enter" || !input.value.trim()) return;
    event.preventDefault();
    const found = store.get().catalogue.find("", input.value.trim());
    if (found.length) show(found[0]);
    else scanned(input.value.trim());
  }

  /** @param {string} code */
  async function scanned(code) {
    const found = await productOf(app, code, act.refreshProducts);
    play(found ? "ok" : "no");
    if (app.lookUp !== scanned) return;
    if (!found) {
      fill(detail);
      return say(said, t("%(code)s is not known here.", { code }));
    }
    input.value = "";
    fill(list);
    say(said, "");
    show(found);
  }

  /** @param {Product} product */
  async function show(product) {
    const mine = (asked += 1);
    const name = nameOf(product, boot.locale);
    const date = h("dd", null, "…");
    const fact = (/** @type {string} */ term, /** @type {any} */ value) => h("div", null, h("dt", null, term), value);
    fill(
      detail,
      product.picture && h("img", { class: "check-picture", src: product.picture, alt: "", width: "240", height: "240" }),
      h("h3", null, name),
      h("p", { class: "check-price amount" }, rupiah(product.price)),
      h("dl", { class: "check-facts" }, fact(t("Stock"), h("dd", null, stockWords(product.available))), fact(t("Next best-before date"), date), fact(t("Code"), h("dd", null, product.sku))),
      button(t("Put in the cart"), () => { close(); act.add(product); }, { kind: "primary big wide", disabled: product.available <= 0 }),
    );
    const words = await nextDate(product.sku);
    if (mine === asked) say(date, words);
  }

  /** @param {string} sku */
  async function nextDate(sku) {
    try {
      const answer = await ask("GET", `/till/lots?sku=${encodeURIComponent(sku)}`, undefined, { timeout: 4000 });
      if (!answer.ok) return "–";
      const next = answer.body.lots.find((/** @type {any} */ lot) => lot.here && (lot.expires_on === null || lot.expires_on >= answer.body.today));
      return next?.expires_on ? next.expires_on.split("-").reverse().join("-") : next ? t("no date") : "–";
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      return t("The server does not answer.");
    }
  }
}
