// @ts-check
/** Telling the customer display what stands on the till: within this browser at once, to another one through the server. */
import { ask, Unanswered } from "../lib/api.js";
import { lineViews } from "./cart.js";
import { cashTotals } from "./totals.js";

/** @typedef {import("./app.js").App} App */

/** What is told again so often cannot be missed for long: by a display that was reloaded, by a server that was started again. */
const AGAIN = 5_000;
/** Several changes of one moment are told as one. */
const SOON = 30;

/**
 * The scene: the cart, and which sale it is about. Whether that is paid the display asks the server itself.
 * @param {import("./app.js").State} state @param {{locale: string, rounding_step: number}} boot
 */
export function sceneOf({ cart, catalogue, pending, done, code }, boot) {
  const views = lineViews(cart, catalogue.bySku, boot.locale);
  const sums = cashTotals(views, boot.rounding_step, cart);
  return {
    locale: boot.locale,
    lines: views.map(({ name, quantity, unitPrice, discount, total }) => ({ name, quantity, unit_price: unitPrice, discount, total })),
    discount: sums.discount,
    total: sums.subtotal - sums.discount,
    cash_total: sums.total,
    asking: Boolean(pending),
    // A payment that came in late leaves the next customer's cart on the display.
    sale: code ?? (views.length ? null : done?.id ?? null),
  };
}

/** @param {App} app */
export function tellDisplay(app) {
  const { store, boot } = app;
  const channel = new BroadcastChannel(`karya.display.${boot.register.code}`);
  const path = `/display/${encodeURIComponent(boot.register.code)}/scene`;
  let told = "";
  /** @type {any} */
  let timer = null;
  let sending = false;
  let late = false;
  let looked = false;
  /** Another window of this till spoke last: it alone repeats itself, so that two of them don't take turns on the display. */
  let quiet = false;

  function tell() {
    timer = null;
    quiet = false;
    const scene = sceneOf(store.get(), boot);
    told = JSON.stringify(scene);
    channel.postMessage({ scene: { at: Date.now(), ...scene } });
    if (store.get().status?.display) send();
  }

  /** One at a time, and always what is true when it is sent. */
  async function send() {
    late = sending;
    if (sending) return;
    sending = true;
    try {
      await ask("POST", path, { at: Date.now(), ...sceneOf(store.get(), boot) }, { timeout: 4_000 });
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    } finally {
      sending = false;
    }
    if (late) send();
  }

  const again = () => quiet || tell();
  channel.addEventListener("message", ({ data }) => {
    if (data?.scene) quiet = true;
    else if (data?.hello) again();
  });
  store.watch(["cart", "catalogue", "pending", "done", "code", "status"], (state) => {
    const newcomer = Boolean(state.status?.display) && !looked;
    looked = Boolean(state.status?.display);
    if (newcomer || JSON.stringify(sceneOf(state, boot)) !== told) timer ??= setTimeout(tell, SOON);
  });
  setInterval(again, AGAIN);
}
