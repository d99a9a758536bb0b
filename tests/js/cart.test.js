import assert from "node:assert/strict";
import { test } from "node:test";

import { addTo, cartFrom, cartOf, cutTo, emptyCart, lineViews, MOST_LINES, MOST_PIECES, nameOf, pieces, quantityOf, setQuantity } from "../../pos/static/js/till/cart.js";

const chips = { sku: "KTO-100", name: "Keripik", name_en: "Chips", price: 15000, available: 3 };

test("tapping a product twice makes two pieces on one line", () => {
  const cart = addTo(addTo(emptyCart(), "KTO-100"), "KTO-100");
  assert.deepEqual(cart.lines, [{ sku: "KTO-100", quantity: 2 }]);
  assert.equal(pieces(cart), 2);
});

test("a line keeps its place when its quantity changes and goes when it reaches zero", () => {
  let cart = addTo(addTo(emptyCart(), "A"), "B");
  cart = addTo(cart, "A");
  assert.deepEqual(cart.lines.map((line) => line.sku), ["A", "B"]);
  cart = setQuantity(cart, "A", 0);
  assert.deepEqual(cart.lines.map((line) => line.sku), ["B"]);
  assert.equal(quantityOf(cart, "A"), 0);
});

test("a cart is never changed in place, so what was kept for undo stays as it was", () => {
  const before = addTo(emptyCart(), "A");
  addTo(before, "A");
  setQuantity(before, "A", 0);
  assert.deepEqual(before.lines, [{ sku: "A", quantity: 1 }]);
});

test("a cart has limits", () => {
  let cart = emptyCart();
  for (let n = 0; n < MOST_LINES + 5; n += 1) cart = addTo(cart, `S${n}`);
  assert.equal(cart.lines.length, MOST_LINES);
  assert.equal(quantityOf(setQuantity(cart, "S0", 1e9), "S0"), MOST_PIECES);
});

test("what was kept in the browser is checked before it is a cart again", () => {
  assert.deepEqual(cartFrom(null).lines, []);
  assert.deepEqual(cartFrom("x").lines, []);
  assert.deepEqual(cartFrom({ lines: [{ sku: "A", quantity: 2, price: 1 }, { sku: 5, quantity: 1 }, { sku: "B", quantity: -1 }, { sku: "C", quantity: 1.5 }] }).lines, [{ sku: "A", quantity: 2 }]);
});

test("a refusal for stock lowers exactly the lines it names", () => {
  const cart = setQuantity(setQuantity(setQuantity(emptyCart(), "A", 5), "B", 5), "C", 5);
  const cut = cutTo(cart, [{ sku: "A", available: 2 }, { sku: "B", available: 0 }, { sku: "C", available: 9 }]);
  assert.deepEqual(cut.lines, [{ sku: "A", quantity: 2 }, { sku: "C", quantity: 5 }]);
});

test("the lines of a cancelled sale become a cart, lines of one product joined", () => {
  assert.deepEqual(cartOf({ lines: [{ sku: "A", quantity: 2 }, { sku: "B", quantity: 1 }, { sku: "A", quantity: 1 }] }).lines, [{ sku: "A", quantity: 3 }, { sku: "B", quantity: 1 }]);
});

test("lines are shown with the price of now and in the reader's language", () => {
  const products = new Map([[chips.sku, chips]]);
  const [line] = lineViews(setQuantity(emptyCart(), "KTO-100", 2), products, "en");
  assert.deepEqual(line, { sku: "KTO-100", name: "Chips", quantity: 2, unitPrice: 15000, discount: 0, reason: "", note: "", total: 30000, left: 3 });
  assert.equal(nameOf(chips, "id"), "Keripik");
  assert.equal(nameOf({ ...chips, name_en: "" }, "en"), "Keripik");
});

test("a product that is no longer sold stays in sight, as sold out", () => {
  const [line] = lineViews(addTo(emptyCart(), "GONE"), new Map(), "id");
  assert.equal(line.name, "GONE");
  assert.equal(line.left, 0);
});
