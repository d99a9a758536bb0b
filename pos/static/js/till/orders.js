// @ts-check
/** Orders: hold the cart on the server, see what is held at this outlet, take one back, or a kiosk's slip by its code or number. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, byId, fill, h, icon } from "../lib/dom.js";
import { dialogOpen, openDialog, sureButton } from "../lib/dialog.js";
import { play } from "../lib/sound.js";
import { clock } from "../lib/time.js";
import { t } from "../lib/i18n.js";
import { uuid7 } from "../lib/uuid7.js";
import { emptyCart, withoutOrder } from "./cart.js";
import { asHeld, cartOfOrder, orderBody } from "./ordercode.js";
import { toast } from "./toast.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./cart.js").Cart} Cart */

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "erase"];

/** @param {App} app @param {{refresh: () => Promise<boolean>, refreshProducts: () => Promise<void>}} server */
export function ordersView(app, server) {
  const { store, boot } = app;
  const code = encodeURIComponent(boot.register.code);
  const hold = button(t("Hold"), () => holdCart(), { kind: "quiet", id: "cart-hold" });
  const count = h("span", { class: "orders-count" });
  const open = button([icon("list"), t("Orders"), " ", count], openList, { kind: "quiet", id: "orders-open" });
  byId("cart-empty").before(hold, open);
  const list = h("ul", { class: "order-list" });
  /** @type {{close: () => void}|null} */
  let window_ = null;
  /** @type {{cart: Cart, body: any}|null} what is being held: a cart that gets no answer is asked for again with its own id */
  let holding = null;
  let busy = false;

  store.watch(["cart", "pending", "orders"], ({ cart, pending, orders }) => {
    hold.hidden = !cart.lines.length;
    open.hidden = Boolean(cart.lines.length);
    hold.disabled = Boolean(pending);
    count.textContent = orders.length ? String(orders.length) : "";
    drawList(orders);
  });

  // The order of this cart may be paid at another till or run out meanwhile.
  store.watch(["orders", "refusal"], ({ orders, refusal, cart, pending }) => {
    if (cart.order && !pending && (refusal || !orders.some((one) => one.id === cart.order?.id))) lookAgain(cart.order);
  });

  /** @param {import("./cart.js").CartOrder} order */
  async function lookAgain(order) {
    const found = await get(`/api/v1/orders/${order.id}`);
    if (!found || found.status === "open" || store.get().cart.order?.id !== order.id || store.get().pending) return;
    const { refusal } = store.get();
    app.setCart(withoutOrder(store.get().cart));
    if (refusal) store.set({ refusal });
    play("no");
    toast(endedWords(found));
  }

  /** Put the cart away, to be taken again at any till of the outlet; true once it is. */
  async function holdCart() {
    const { cart, pending } = store.get();
    if (busy || pending || !cart.lines.length) return false;
    if (cart.order && asHeld(cart)) {
      put(cart.order.number);
      return true;
    }
    if (holding?.cart !== cart) holding = { cart, body: orderBody(uuid7(), boot.register.code, cart) };
    busy = true;
    try {
      const answer = await ask("POST", "/api/v1/orders", holding.body);
      if (!answer.ok) return refuse(answer);
      // What was tapped while the server worked is the next customer's; it is told apart by the cart that was sent.
      if (store.get().cart === cart) put(answer.body.number);
      await Promise.all([server.refresh(), server.refreshProducts()]);
      return true;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      play("no");
      toast(t("The server does not answer. The cart is still here; try again."));
      return false;
    } finally {
      busy = false;
    }
  }

  /** @param {number} number */
  function put(number) {
    app.setCart(emptyCart());
    play("ok");
    toast(t("Held as number %(number)s.", { number }));
  }

  /** @param {import("../lib/api.js").Answer} answer */
  function refuse(answer) {
    play("no");
    holding = null;
    store.set({ refusal: { text: sentence(answer, t("That did not work.")), shortages: answer.body?.lines } });
    return false;
  }

  /** @param {string} path @returns {Promise<any>} */
  async function get(path) {
    try {
      const answer = await ask("GET", path);
      if (answer.ok) return answer.body;
      if (answer.status !== 404) toast(sentence(answer, t("That did not work.")));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      toast(t("The server does not answer. Try again."));
    }
    return null;
  }

  /** Take an order into the cart by its id, as a slip's code or the list names it. @param {string} id */
  async function take(id) {
    if (dialogOpen() && !window_) {
      play("no");
      return toast(t("Close the window first, then scan again."));
    }
    const order = await get(`/api/v1/orders/${id}`);
    if (order) return bring(order);
    play("no");
    if (store.get().online) toast(t("This slip is not known here."));
  }

  /** @param {string} number */
  async function takeNumber(number) {
    const found = await get(`/api/v1/orders?register=${code}&number=${Number(number)}`);
    if (!found) return "";
    if (!found.items.length) return t("There is no order %(number)s today.", { number: Number(number) });
    return bring(found.items[0]);
  }

  /** @param {any} order @returns {string} what is wrong, empty when it is in the cart */
  function bring(order) {
    const { cart, pending } = store.get();
    if (pending) return "";
    if (order.status === "used" || order.status === "dropped") {
      play("no");
      toast(endedWords(order));
      return endedWords(order);
    }
    window_?.close();
    if (cart.order?.id === order.id) return "";
    if (cart.lines.length) {
      play("no");
      toast(t("First pay or hold the cart that is here."), { label: t("Hold it"), act: async () => (await holdCart()) && bring(order) });
      return "";
    }
    play("ok");
    store.set({ done: null, screen: "sell" });
    app.setCart(cartOfOrder(order));
    toast(order.status === "open" ? t("Order %(number)s is in the cart.", { number: order.number }) : t("The time of order %(number)s is over. What is in the cart may be sold out meanwhile.", { number: order.number }));
    return "";
  }

  /** @param {any} order */
  function endedWords({ status, number }) {
    if (status === "used") return t("Order %(number)s was paid already.", { number });
    if (status === "dropped") return t("Order %(number)s was dropped.", { number });
    return t("The time of order %(number)s is over. What is in the cart may be sold out meanwhile.", { number });
  }

  /** @param {string} id */
  async function drop(id) {
    try {
      const answer = await ask("DELETE", `/api/v1/orders/${id}`);
      toast(answer.ok ? t("Order %(number)s was dropped.", { number: answer.body.number }) : sentence(answer, t("That did not work.")));
      await Promise.all([server.refresh(), server.refreshProducts()]);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      toast(t("The server does not answer. Try again."));
    }
  }

  /** @param {any[]} orders */
  function drawList(orders) {
    fill(list, orders.length ? orders.map(row) : h("li", { class: "soft empty" }, t("No order is waiting.")));
  }

  /** @param {any} order */
  function row(order) {
    const kind = order.kind === "slip" ? t("Slip") : t("Held cart");
    const words = [
      h("span", { class: "order-number amount" }, order.number),
      h(
        "span",
        { class: "grow" },
        h("span", { class: "order-what" }, order.note || kind, " · ", t("%(count)s items", { count: order.pieces })),
        h("span", { class: "small soft" }, [order.register, order.by, t("until %(time)s", { time: clock(order.expires_at) })].join(" · ")),
      ),
    ];
    return h("li", null, button(words, () => take(order.id), { kind: "order-row" }), sureButton(t("Drop"), t("Really drop?"), () => drop(order.id), { kind: "quiet danger", "aria-label": t("Drop order %(number)s", { number: order.number }) }));
  }

  function openList() {
    const said = h("p", { class: "order-said", role: "alert" });
    const number = h("input", { id: "order-number", class: "input amount-input", inputmode: "none", autocomplete: "off", maxlength: "4", on: { keydown: enter, input: () => type(number.value.replace(/\D/g, "")) } });
    const go = button(t("Take"), find, { kind: "primary big wide", disabled: true });
    const keys = KEYS.map((key) =>
      button(key === "clear" ? t("Clear") : key === "erase" ? [icon("erase")] : key, () => press(key), { kind: "key", "aria-label": key === "erase" ? t("Delete the last digit") : undefined }),
    );
    const pad = h("div", { class: "order-pad" }, h("div", { class: "field" }, h("label", { for: "order-number" }, t("Number on the slip")), number), h("div", { class: "keys" }, keys), said, go);
    window_ = openDialog({ title: t("Orders"), kind: "orders", body: [list, pad], onClose: () => (window_ = null) });
    server.refresh();

    /** @param {string} text */
    function type(text) {
      number.value = text.slice(0, 4);
      said.textContent = "";
      go.disabled = !Number(number.value);
    }
    /** @param {string} key */
    function press(key) {
      type(key === "clear" ? "" : key === "erase" ? number.value.slice(0, -1) : number.value + key);
    }
    /** @param {KeyboardEvent} event */
    function enter(event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!go.disabled) find();
    }
    async function find() {
      said.textContent = await takeNumber(number.value);
    }
  }

  return { take };
}
