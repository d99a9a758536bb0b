// @ts-check
/** The code on a slip, and an order as a cart. No DOM in here. */
import { addTo, emptyCart } from "./cart.js";
import { linesOf } from "./sale.js";

/** @typedef {{id: string, number: number, status: string, lines: {sku: string, quantity: number, discount: number, reason: string}[], discount: number, reason: string}} Order */

const CODE = /^KARYA-ORDER:([0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})$/i;

/** The id of the order whose slip was scanned; empty for anything else. @param {string} code */
export function orderIn(code) {
  return CODE.exec(code.trim())?.[1].toLowerCase() ?? "";
}

/**
 * Its lines as a cart. While it is open the cart remembers it, with what is set aside: the sale uses it up.
 * @param {Order} order @returns {import("./cart.js").Cart}
 */
export function cartOfOrder(order) {
  /** @type {import("./cart.js").Cart} */
  let cart = emptyCart();
  for (const line of order.lines) {
    cart = addTo(cart, line.sku, line.quantity);
    if (line.discount) {
      const lines = cart.lines.map((one) => (one.sku === line.sku ? { ...one, discount: (one.discount ?? 0) + line.discount, reason: line.reason } : one));
      cart = { ...cart, lines };
    }
  }
  if (order.discount) cart = { ...cart, discount: order.discount, reason: order.reason };
  if (order.status !== "open") return cart;
  const held = Object.fromEntries(cart.lines.map((line) => [line.sku, line.quantity]));
  return { ...cart, order: { id: order.id, number: order.number, held } };
}

/** Is the cart still exactly what its order holds? @param {import("./cart.js").Cart} cart */
export function asHeld(cart) {
  const held = cart.order?.held ?? {};
  return Boolean(cart.order) && cart.lines.length === Object.keys(held).length && cart.lines.every((line) => held[line.sku] === line.quantity);
}

/**
 * The body that holds a cart; an order that it came from is replaced, and its goods stay set aside.
 * @param {string} id @param {string} register @param {import("./cart.js").Cart} cart
 */
export function orderBody(id, register, cart) {
  const { order, discount, reason } = cart;
  return { id, register, lines: linesOf(cart), ...(discount ? { discount, reason } : {}), ...(order ? { order: order.id } : {}) };
}
