// @ts-check
/** Orders: hold the cart on the server; the part that takes one back (orderlist.js) comes after the first load. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, byId, h, icon } from "../lib/dom.js";
import { play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { uuid7 } from "../lib/uuid7.js";
import { emptyCart, fixed } from "./cart.js";
import { asHeld, heldAs, orderBody } from "./ordercode.js";
import { later, toast, UNDO, undoing } from "./toast.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./cart.js").Cart} Cart */

/** @param {App} app @param {{refresh: () => Promise<boolean>, refreshProducts: () => Promise<void>}} server */
export function ordersView(app, server) {
  const { store, boot } = app;
  const hold = button(t("Hold"), () => holdCart(), { kind: "quiet", id: "cart-hold" });
  const count = h("span", { class: "orders-count" });
  const open = button([icon("list"), t("Orders"), " ", count], () => load().then((part) => part?.open()), { kind: "quiet", id: "orders-open" });
  byId("cart-empty").before(hold, open);
  /** @type {{cart: Cart, body: any}|null} what is being held: a cart that gets no answer is asked for again with its own id */
  let holding = null;
  let busy = false;

  store.watch(["cart", "pending", "orders"], ({ cart, pending, orders }) => {
    hold.hidden = !cart.lines.length;
    open.hidden = Boolean(cart.lines.length);
    hold.disabled = Boolean(pending);
    count.textContent = orders.length ? String(orders.length) : "";
  });

  // The order of this cart may be paid at another till or run out meanwhile.
  store.watch(["orders", "refusal"], ({ orders, refusal, cart, pending }) => {
    if (cart.order && !pending && (refusal || !orders.some((one) => one.id === cart.order?.id))) load().then((part) => part?.lookAgain());
  });

  /** Put the cart away, to be taken again at any till of the outlet; true once it is. */
  async function holdCart() {
    const { cart, pending } = store.get();
    if (busy || pending || !cart.lines.length) return false;
    if (cart.order && asHeld(cart)) {
      put(cart.order.number, cart);
      return true;
    }
    if (holding?.cart !== cart) holding = { cart, body: orderBody(uuid7(), boot.register.code, fixed(cart, store.get().catalogue.bySku)) };
    busy = true;
    try {
      const answer = await ask("POST", "/api/v1/orders", holding.body);
      if (!answer.ok) return refuse(answer);
      // What was tapped while the server worked is the next customer's; it is told apart by the cart that was sent.
      if (store.get().cart === cart) put(answer.body.number, heldAs(answer.body, cart));
      await Promise.all([server.refresh(), server.refreshProducts()]);
      return true;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      play("no");
      toast(t("The server does not answer. The cart is still here."), { label: t("Try again"), act: holdCart }, 20_000);
      return false;
    } finally {
      busy = false;
    }
  }

  /** @param {number} number @param {Cart} held comes back when that is asked at once and nothing else was begun */
  function put(number, held) {
    app.setCart(emptyCart());
    play("ok");
    toast(t("Held as number %(number)s.", { number }), undoing(() => store.get().cart.lines.length || app.setCart(held)), UNDO);
  }

  /** @param {import("../lib/api.js").Answer} answer */
  function refuse(answer) {
    play("no");
    holding = null;
    const short = answer.body?.code === "insufficient_stock";
    store.set({ refusal: { text: sentence(answer, t("That did not work.")), way: short ? "left" : "cart", shortages: answer.body?.lines, go: holdCart } });
    return false;
  }

  /** The window with the list; the first sale does without it. */
  const load = later(async () => (await import("./orderlist.js")).orderList(app, server, holdCart));

  return { load, take: async (/** @type {string} */ id) => (await load())?.take(id) };
}
