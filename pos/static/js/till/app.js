// @ts-check
/** What the parts of the till share: the page's data, the state, and where things are kept. */
import { createStore } from "../lib/store.js";
import { recall, remember } from "../lib/keep.js";
import { cartFrom, emptyCart } from "./cart.js";
import { createCatalogue } from "./catalogue.js";
import { pendingFrom } from "./sale.js";

/**
 * @typedef {object} Boot
 * @property {string} build
 * @property {string} icons
 * @property {"id"|"en"} locale
 * @property {string} zone
 * @property {boolean} training a shop to practise in
 * @property {string} real_till where the real one is, while practising
 * @property {{code: string, name: string, kind: string}} register
 * @property {string} outlet
 * @property {boolean} far the database is reached over a network
 * @property {{name: string, role: string}[]} people
 * @property {number} rounding_step
 * @property {number} idle_seconds
 * @property {{provider: string, expires_after: number}} qris
 * @property {Record<string, string>} strings
 */
/**
 * @typedef {object} State
 * @property {any} user
 * @property {any} shift
 * @property {any} status
 * @property {any[]} waiting
 * @property {any[]} orders open orders of the outlet: held carts and slips
 * @property {any[]} late money that came by QRIS and found no sale, until somebody decides about it
 * @property {any[]} calls kiosks of the outlet that call an officer
 * @property {any[]} jobs
 * @property {any} lastSale
 * @property {boolean} online
 * @property {string} away what the server says of a database that it can't use
 * @property {any} paper while practising: what was printed last
 * @property {boolean} known true once the server has answered for the first time
 * @property {ReturnType<typeof createCatalogue>} catalogue
 * @property {string} category
 * @property {string} query
 * @property {import("./cart.js").Cart} cart
 * @property {{body: import("./sale.js").SaleBody, owner: string, silent: boolean, message: string}|null} pending
 * @property {any} done the sale whose change is shown
 * @property {string|null} code the sale whose QRIS code is on the screen
 * @property {{text: string, way?: import("./failures.js").Way, shortages?: any[], sale?: State["pending"], go?: () => unknown}|null} refusal `sale` is what was refused, `go` does it again
 * @property {"sell"|"today"} screen
 */
/** @typedef {{boot: Boot, store: ReturnType<typeof createStore<State>>, setCart: (cart: import("./cart.js").Cart) => void, holdPending: (pending: State["pending"]) => void, forgetCart: (owner: string) => void, kept: (name: string) => import("./cart.js").Cart, loadCart: () => void, lookUp: ((code: string) => void)|null}} App */

/** @param {Boot} boot @returns {App} */
export function createApp(boot) {
  const code = boot.register.code;
  const pendingKey = `karya.pending.${code}`;
  const cartKey = (/** @type {string} */ owner) => `karya.cart.${code}.${owner}`;
  const kept = recall(pendingKey);
  const body = pendingFrom(kept);
  const store = createStore(/** @type {State} */ ({
    user: null,
    shift: null,
    status: {},
    waiting: [],
    orders: [],
    late: [],
    calls: [],
    jobs: [],
    lastSale: null,
    online: true,
    away: "",
    paper: null,
    known: false,
    catalogue: createCatalogue([]),
    category: "",
    query: "",
    cart: emptyCart(),
    pending: body && { body, owner: kept.owner ?? "", silent: false, message: "" },
    done: null,
    code: null,
    refusal: null,
    screen: "sell",
  }));
  const owner = () => store.get().user?.name ?? "";
  return {
    boot,
    store,
    /** Who is shown what is scanned, instead of the cart: the window that checks prices. */
    lookUp: null,
    /** Change the cart and keep it, before anything else happens. */
    setCart(cart) {
      remember(cartKey(owner()), cart.lines.length ? cart : null);
      store.set({ cart, refusal: null });
    },
    /** Keep a sale that is being asked for, or let go of it. */
    holdPending(pending) {
      remember(pendingKey, pending && { body: pending.body, owner: pending.owner });
      store.set({ pending });
    },
    forgetCart(name) {
      remember(cartKey(name), null);
      if (name === owner()) store.set({ cart: emptyCart() });
    },
    /** The cart that somebody left at this register. @param {string} name */
    kept: (name) => cartFrom(recall(cartKey(name))),
    /** The cart that this person left at this register. */
    loadCart() {
      store.set({ cart: owner() ? cartFrom(recall(cartKey(owner()))) : emptyCart() });
    },
  };
}
