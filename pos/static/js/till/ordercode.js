// @ts-check
/** The code on a slip, and an order as a cart. No DOM in here. */
import { cartOf } from "./cart.js";
import { asked } from "./sale.js";

/** @typedef {{id: string, number: number, status: string, lines: {sku: string, quantity: number, discount: number, reason: string, note?: string}[], discount: number, reason: string, note?: string}} Order */

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
  return order.status === "open" ? heldAs(order, cartOf(order)) : cartOf(order);
}

/** The cart as that of its open order, which holds just what it has. @param {{id: string, number: number}} order @param {import("./cart.js").Cart} cart */
export function heldAs({ id, number }, cart) {
  return { ...cart, order: { id, number, held: Object.fromEntries(cart.lines.map((line) => [line.sku, line.quantity])) } };
}

/** Is the cart still exactly what its order holds? @param {import("./cart.js").Cart} cart */
export function asHeld(cart) {
  const held = cart.order?.held ?? {};
  return Boolean(cart.order) && !cart.order?.stale && cart.lines.length === Object.keys(held).length && cart.lines.every((line) => held[line.sku] === line.quantity);
}

/**
 * The body that holds a cart; an order that it came from is replaced, and its goods stay set aside.
 * @param {string} id @param {string} register @param {import("./cart.js").Cart} cart
 */
export function orderBody(id, register, cart) {
  return { id, register, ...asked(cart) };
}
