// @ts-check
/** Taking an order: from the window with what is held at this outlet, by the number of a slip, or by its code. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, fill, h, icon } from "../lib/dom.js";
import { dialogOpen, openDialog, sureButton } from "../lib/dialog.js";
import { play } from "../lib/sound.js";
import { clock } from "../lib/time.js";
import { items, t } from "../lib/i18n.js";
import { withoutOrder } from "./cart.js";
import { cartOfOrder } from "./ordercode.js";
import { tell, toast, trying } from "./toast.js";

/** @typedef {import("./app.js").App} App */

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "erase"];

/**
 * @param {App} app @param {{refresh: () => Promise<boolean>, refreshProducts: () => Promise<void>}} server
 * @param {() => Promise<boolean>} holdCart
 */
export function orderList(app, server, holdCart) {
  const { store, boot } = app;
  const code = encodeURIComponent(boot.register.code);
  const list = h("ul", { class: "order-list" });
  /** @type {{close: () => void}|null} */
  let window_ = null;

  store.watch(["orders"], ({ orders }) => drawList(orders));

  /** The order of this cart may be paid at another till or run out meanwhile. */
  async function lookAgain() {
    const { order } = store.get().cart;
    if (!order) return;
    const found = await get(`/api/v1/orders/${order.id}`);
    if (!found || found.status === "open" || store.get().cart.order?.id !== order.id || store.get().pending) return;
    const { refusal } = store.get();
    app.setCart(withoutOrder(store.get().cart));
    if (refusal) store.set({ refusal });
    play("no");
    toast(endedWords(found));
  }

  /** @param {string} path @returns {Promise<any>} */
  async function get(path) {
    try {
      const answer = await ask("GET", path);
      if (answer.ok) return answer.body;
      if (answer.status !== 404) tell(sentence(answer, t("That did not work.")));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      tell(t("The server does not answer. Try again."));
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

  /** @param {string} number */
  async function takeNumber(number) {
    const found = await get(`/api/v1/orders?register=${code}&number=${Number(number)}`);
    if (!found) return "";
    if (!found.items.length) return t("There is no order %(number)s today.", { number: Number(number) });
    return bring(found.items[0]);
  }

  /** @param {string} id */
  async function drop(id) {
    await trying(async () => {
      const answer = await ask("DELETE", `/api/v1/orders/${id}`);
      if (answer.ok) toast(t("Order %(number)s was dropped.", { number: answer.body.number }));
      else tell(sentence(answer, t("That did not work.")));
      await Promise.all([server.refresh(), server.refreshProducts()]);
    });
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
        h("span", { class: "order-what" }, order.note || kind, " · ", items(order.pieces)),
        h("span", { class: "small soft" }, [order.register, order.by, t("until %(time)s", { time: clock(order.expires_at) })].join(" · ")),
      ),
    ];
    return h("li", null, button(words, () => take(order.id), { kind: "order-row" }), sureButton(t("Drop"), t("Really drop?"), () => drop(order.id), { kind: "quiet danger", "aria-label": t("Drop order %(number)s", { number: order.number }) }));
  }

  function open() {
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

  return { open, take, lookAgain };
}
