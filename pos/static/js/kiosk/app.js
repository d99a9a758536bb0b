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
 * @property {string} voice where the spoken prompts are
 * @property {{id: string[], en: string[]}} recorded prompts that the shop recorded itself
 * @property {Record<string, string>} strings
 */
/** @typedef {{large: boolean, contrast: boolean, low: boolean, sound: number}} Comfort `sound`: 0 is silent, 3 is loud */
/**
 * @typedef {object} Store
 * @property {State} at
 * @property {Product[]} products
 * @property {string[]} kinds categories in the order that the shop gives them
 * @property {boolean} loaded have the products been heard of?
 * @property {boolean} online
 * @property {boolean} silent what is asked gets no answer yet
 * @property {string} printer
 * @property {"no"|"called"|"coming"} officer
 * @property {"id"|"en"} locale
 * @property {Comfort} comfort
 * @property {boolean} asked the visitor is asked whether they are still here
 */

/** How every visitor finds the kiosk. @type {Comfort} */
const PLAIN = { large: false, contrast: false, low: false, sound: 0 };

/** @param {any} kept @returns {Comfort} */
function comfortFrom(kept) {
  if (!kept) return PLAIN;
  const sound = Number.isInteger(kept.sound) && kept.sound >= 0 && kept.sound <= 3 ? kept.sound : 0;
  return { large: kept.large === true, contrast: kept.contrast === true, low: kept.low === true, sound };
}

/** @param {Boot} boot */
export function createApp(boot) {
  const key = `karya.kiosk.${boot.register.code}`;
  const comfortKey = `${key}.comfort`;
  const store = createStore(/** @type {Store} */ ({
    at: restored(recall(key)),
    products: [],
    kinds: [],
    loaded: false,
    online: true,
    silent: false,
    printer: "",
    officer: "no",
    locale: boot.locale,
    comfort: comfortFrom(recall(comfortKey)),
    asked: false,
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
    /** What makes it easier for this visitor; it survives a reload and ends with the visit. @param {Partial<Comfort>} part */
    ease(part) {
      const comfort = { ...store.get().comfort, ...part };
      remember(comfortKey, comfort);
      store.set({ comfort });
    },
    plain() {
      remember(comfortKey, null);
      if (JSON.stringify(store.get().comfort) !== JSON.stringify(PLAIN)) store.set({ comfort: PLAIN });
    },
    /** @param {string} sku */
    product: (sku) => store.get().products.find((one) => one.sku === sku) ?? null,
    /** A product's name in the visitor's language. @param {string} sku @param {string} [otherwise] */
    name(sku, otherwise = sku) {
      const found = store.get().products.find((one) => one.sku === sku);
      return found ? nameOf(found, store.get().locale) : otherwise;
    },
    /** A product as it is said: its recorded name, else its number among the pictures. @param {string} sku */
    spoken(sku) {
      const { products, locale } = store.get();
      const own = `sku-${sku}`;
      return boot.recorded[locale].includes(own) ? own : `item ${products.findIndex((one) => one.sku === sku) + 1}`;
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
