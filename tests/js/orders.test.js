import assert from "node:assert/strict";
import { test } from "node:test";

import { addTo, cartFrom, emptyCart, lineViews, setQuantity, withoutOrder } from "../../pos/static/js/till/cart.js";
import { asHeld, cartOfOrder, orderBody, orderIn } from "../../pos/static/js/till/ordercode.js";
import { saleBody } from "../../pos/static/js/till/sale.js";

const ID = "0197e2c4-0000-7000-8000-00000000000a";
const line = (sku, quantity, discount = 0, reason = "") => ({ sku, quantity, discount, reason, name: sku, unit_price: 1, total: 1 });
const order = { id: ID, number: 12, status: "open", lines: [line("A", 2), line("B", 1), line("A", 1)], discount: 0, reason: "" };

test("the code on a slip is read whatever its case, and nothing else is one", () => {
  assert.equal(orderIn(`KARYA-ORDER:${ID.toUpperCase()}`), ID);
  assert.equal(orderIn(` karya-order:${ID} `), ID);
  for (const other of ["", "8991234567890", "KARYA-ORDER:", `KARYA-ORDER:${ID}0`, ID, `KARYA-ORDER:${ID} OR 1`]) assert.equal(orderIn(other), "");
});

test("an order becomes the cart that remembers it, lines of one product added up", () => {
  assert.deepEqual(cartOfOrder(order), { lines: [{ sku: "A", quantity: 3 }, { sku: "B", quantity: 1 }], order: { id: ID, number: 12, held: { A: 3, B: 1 } } });
});

test("an order whose time is over brings its lines and no promise", () => {
  assert.equal(cartOfOrder({ ...order, status: "expired" }).order, undefined);
});

test("the sale names the order and keeps its discounts", () => {
  const cart = cartOfOrder({ ...order, lines: [line("A", 2, 100, "penyok")], discount: 50, reason: "tetangga" });
  assert.deepEqual(saleBody("s", "K1", cart, [], 1), { id: "s", register: "K1", lines: [{ sku: "A", quantity: 2, discount: 100, reason: "penyok" }], tenders: [], total: 1, discount: 50, reason: "tetangga", order: ID });
});

test("adding to the cart keeps its order, and an empty cart has none", () => {
  let cart = addTo(cartOfOrder(order), "C");
  assert.equal(cart.order?.id, ID);
  for (const sku of ["A", "B", "C"]) cart = setQuantity(cart, sku, 0);
  assert.deepEqual(cart, emptyCart());
});

test("what the order holds is there for its cart", () => {
  const products = new Map([["A", { sku: "A", name: "A", price: 10, available: 1 }]]);
  assert.equal(lineViews(cartOfOrder(order), products, "id")[0].left, 4);
  assert.equal(lineViews(withoutOrder(cartOfOrder(order)), products, "id")[0].left, 1);
});

test("a cart with its order survives the browser's storage, and nonsense does not", () => {
  const cart = cartOfOrder(order);
  assert.deepEqual(cartFrom(JSON.parse(JSON.stringify(cart))), cart);
  for (const wrong of [5, {}, { id: 5, number: 1, held: {} }, { id: ID, number: "1", held: {} }, { id: ID, number: 1 }]) assert.equal(cartFrom({ ...cart, order: wrong }).order, undefined);
});

test("a cart that is as its order holds it needs no new one; a changed one replaces it", () => {
  const cart = cartOfOrder(order);
  assert.equal(asHeld(cart), true);
  assert.equal(asHeld(addTo(cart, "A")), false);
  assert.equal(asHeld(setQuantity(cart, "B", 0)), false);
  assert.equal(asHeld(emptyCart()), false);
  assert.deepEqual(orderBody("o", "K1", addTo(cart, "C")), { id: "o", register: "K1", lines: [{ sku: "A", quantity: 3 }, { sku: "B", quantity: 1 }, { sku: "C", quantity: 1 }], order: ID });
});
