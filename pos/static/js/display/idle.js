// @ts-check
/** While nobody buys: the shop's products with their pictures. More than fit take turns, and stand still on request. */
import { ask, Unanswered } from "../lib/api.js";
import { button, fill, h, say } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { rupiah } from "../lib/money.js";

/** @typedef {{sku: string, name: string, name_en: string, price: number, picture: string}} Shown */

const AT_ONCE = 6;
const TURN = 12_000;
const ASK_AGAIN = 600_000;
const ASK_SOON = 5_000;

/** The products of one turn; the last turn is filled up from the first. @param {readonly Shown[]} products @param {number} turn */
export function turnOf(products, turn) {
  if (products.length <= AT_ONCE) return [...products];
  const start = (turn * AT_ONCE) % products.length;
  return [...products, ...products].slice(start, start + AT_ONCE);
}

/** @param {{register: string}} boot */
export function idlePart(boot) {
  /** @type {Shown[]} */
  let products = [];
  let turn = 0;
  let still = false;
  /** @type {any} */
  let ticking = null;
  /** @type {{grid: any, stop: any, locale: string}|null} */
  let on = null;

  async function load() {
    let next = ASK_SOON;
    try {
      const answer = await ask("GET", `/display/${encodeURIComponent(boot.register)}/products`);
      if (answer.ok) {
        next = ASK_AGAIN;
        if (JSON.stringify(answer.body.items) !== JSON.stringify(products)) {
          products = answer.body.items;
          draw();
        }
      }
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
    setTimeout(load, next);
  }

  /** The grid alone is drawn again: whoever is on the button stays there. */
  function draw() {
    if (!on) return;
    const { grid, stop, locale } = on;
    const shown = turnOf(products, turn);
    fill(grid, shown.map((one) => tile(one, locale)));
    grid.dataset.count = String(shown.length);
    stop.hidden = products.length <= AT_ONCE;
    say(stop, still ? t("Let them change") : t("Stop the changing"));
    clearInterval(ticking);
    if (products.length > AT_ONCE && !still) ticking = setInterval(() => { turn += 1; draw(); }, TURN);
  }

  load();
  return {
    /** @param {any} place @param {string} locale */
    show(place, locale) {
      const grid = h("ul", { class: "idle-grid" });
      const stop = button("", () => { still = !still; draw(); }, { kind: "quiet" });
      fill(place, h("section", { class: "idle" }, h("header", { class: "idle-head" }, h("h1", null, t("Welcome")), stop), grid));
      on = { grid, stop, locale };
      draw();
      return {};
    },
    rest() {
      on = null;
      clearInterval(ticking);
    },
  };
}

/** @param {Shown} one @param {string} locale */
function tile(one, locale) {
  const name = locale === "en" ? one.name_en : one.name;
  return h("li", { class: "idle-tile" }, h("img", { class: "idle-picture", src: one.picture, alt: "", draggable: "false" }), h("span", { class: "idle-name" }, name), h("span", { class: "idle-price amount" }, rupiah(one.price)));
}
