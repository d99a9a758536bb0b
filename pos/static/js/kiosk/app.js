// @ts-check
/** What the parts of the kiosk share: the page's data, the state, and where it is kept. */
import { createStore } from "../lib/store.js";
import { recall, remember } from "../lib/keep.js";
import { nameOf } from "../till/cart.js";
import { fresh, restored } from "./machine.js";

/** @typedef {import("./machine.js").State} State */
/** @typedef {import("../till/cart.js").Product} Product */
/**
 * @typedef {object} Boot
 * @property {string} build
 * @property {string} icons
 * @property {string} mark
 * @property {"id"|"en"} locale
 * @property {"id"|"en"} home the language that a new visitor meets
 * @property {string} zone
 * @property {string} shop
 * @property {{code: string, name: string}} register
 * @property {string} outlet
 * @property {{name: string, role: string}[]} people
 * @property {boolean} receipts can phones reach a digital receipt?
 * @property {Record<string, string>} strings
 */
/** @typedef {{large: boolean, contrast: boolean, low: boolean}} Comfort */
/**
 * @typedef {object} Store
 * @property {State} at
 * @property {Product[]} products
 * @property {boolean} loaded have the products been heard of?
 * @property {boolean} online
 * @property {boolean} silent what is asked gets no answer yet
 * @property {string} printer
 * @property {"no"|"called"|"coming"} officer
 * @property {"id"|"en"} locale
 * @property {Comfort} comfort
 */

/** @param {Boot} boot */
export function createApp(boot) {
  const key = `karya.kiosk.${boot.register.code}`;
  const store = createStore(/** @type {Store} */ ({
    at: restored(recall(key)),
    products: [],
    loaded: false,
    online: true,
    silent: false,
    printer: "",
    officer: "no",
    locale: boot.locale,
    comfort: { large: false, contrast: false, low: false },
  }));
  return {
    boot,
    store,
    /** Move on; kept before anything else happens. @param {State} next */
    go(next) {
      if (next === store.get().at) return;
      remember(key, next.screen === "start" ? null : next);
      store.set({ at: next, silent: false });
    },
    restart: () => {
      remember(key, null);
      store.set({ at: fresh(), silent: false });
    },
    /** @param {string} sku */
    product: (sku) => store.get().products.find((one) => one.sku === sku) ?? null,
    /** A product's name in the visitor's language. @param {string} sku @param {string} [otherwise] */
    name(sku, otherwise = sku) {
      const found = store.get().products.find((one) => one.sku === sku);
      return found ? nameOf(found, store.get().locale) : otherwise;
    },
    /** What the cart costs by the prices of now. */
    total() {
      const { at, products } = store.get();
      const prices = new Map(products.map((one) => [one.sku, one.price]));
      return at.cart.lines.reduce((sum, line) => sum + line.quantity * (prices.get(line.sku) ?? 0), 0);
    },
  };
}

/** @typedef {ReturnType<typeof createApp>} App */
