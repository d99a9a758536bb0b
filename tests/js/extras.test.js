import assert from "node:assert/strict";
import { test } from "node:test";

import { offOf, percentOf } from "../../pos/static/js/lib/pricing.js";
import { addTo, cartFrom, cartOf, emptyCart, fixed, lineViews, setQuantity, undone } from "../../pos/static/js/till/cart.js";
import { createCatalogue, FAVOURITES } from "../../pos/static/js/till/catalogue.js";
import { NO_DISCOUNT, ofPreset, overLimit, percentWords, withExtras } from "../../pos/static/js/till/extrasof.js";
import { asHeld, cartOfOrder, orderBody } from "../../pos/static/js/till/ordercode.js";
import { saleBody } from "../../pos/static/js/till/sale.js";
import { cashTotals, exactTotal } from "../../pos/static/js/till/totals.js";
import { vectors } from "./vectors.js";

const products = new Map([["A", { sku: "A", name: "A", price: 15005, available: 9 }], ["B", { sku: "B", name: "B", price: 8000, available: 9 }]]);
const two = addTo(addTo(emptyCart(), "A"), "B");
const views = (cart) => lineViews(cart, products, "id");

test("a percentage is as many rupiah as Python says", () => {
  for (const { amount, bp, off } of vectors("pricing").percent) assert.equal(percentOf(amount, bp), off, `${bp} of ${amount}`);
});

test("a discount of rupiah never takes more than there is", () => {
  assert.equal(offOf({ discount: 9000 }, 8000), 8000);
  assert.equal(offOf({}, 8000), 0);
});

test("a percentage follows the quantity and the price; what is sent is rupiah with its reason", () => {
  let cart = withExtras(two, "A", { bp: 1000, reason: "hari jadi" });
  assert.equal(views(cart)[0].discount, 1500);
  cart = setQuantity(cart, "A", 2);
  assert.equal(views(cart)[0].discount, 3001);
  cart = withExtras(cart, "", { bp: 500, reason: "karyawan" });
  const body = saleBody("id", "K1", fixed(cart, products), [], 1);
  assert.deepEqual(body.lines, [{ sku: "A", quantity: 2, discount: 3001, reason: "hari jadi" }, { sku: "B", quantity: 1 }]);
  assert.deepEqual([body.discount, body.reason], [1750, "karyawan"]);
  assert.equal(exactTotal(views(cart), cart), 30010 + 8000 - 3001 - 1750);
  assert.equal(cashTotals(views(cart), 100, cart).discount, 1750);
});

test("a discount that has become larger than its line is sent as what the line costs", () => {
  const cart = withExtras(withExtras(two, "B", { discount: 20000, reason: "r" }), "", { discount: 99999, reason: "s" });
  const body = saleBody("id", "K1", fixed(cart, products), [], 0);
  assert.deepEqual([body.lines[1].discount, body.discount], [8000, 15005]);
});

test("a discount that comes to nothing is not sent, nor its reason", () => {
  const cheap = new Map([["A", { sku: "A", name: "A", price: 5, available: 9 }]]);
  assert.deepEqual(fixed(withExtras(addTo(emptyCart(), "A"), "A", { bp: 100, reason: "r" }), cheap).lines, [{ sku: "A", quantity: 1 }]);
});

test("notes go with their line, survive a reload and are sent", () => {
  const cart = withExtras(withExtras(two, "A", { note: "renyah" }), "", { note: "blok C" });
  assert.deepEqual(cartFrom(JSON.parse(JSON.stringify(cart))), cart);
  const body = saleBody("id", "K1", fixed(cart, products), [], 1);
  assert.deepEqual([body.lines[0].note, body.lines[1].note, body.note], ["renyah", undefined, "blok C"]);
  assert.equal(views(cart)[0].note, "renyah");
  assert.equal(withExtras(cart, "", { note: "" }).note, undefined);
});

test("a percentage survives a reload, and nonsense does not", () => {
  const cart = withExtras(two, "A", { bp: 1000, reason: "x" });
  assert.deepEqual(cartFrom(JSON.parse(JSON.stringify(cart))), cart);
  assert.deepEqual(cartFrom({ lines: [{ sku: "A", quantity: 1, bp: "10", discount: -4, reason: "x" }] }).lines, [{ sku: "A", quantity: 1 }]);
});

test("a discount is taken off with its reason, and the note stays", () => {
  const cart = withExtras(withExtras(two, "A", { bp: 1000, reason: "x" }), "A", { note: "n" });
  assert.deepEqual(withExtras(cart, "A", NO_DISCOUNT).lines[0], { sku: "A", quantity: 1, note: "n" });
});

test("a preset becomes a percentage or an amount", () => {
  const given = withExtras(two, "A", ofPreset({ name: "Karyawan", percent_bp: 1250, amount: null, approved: false }));
  assert.deepEqual(given.lines[0], { sku: "A", quantity: 1, bp: 1250, reason: "Karyawan" });
  const again = withExtras(given, "A", ofPreset({ name: "Kupon", percent_bp: null, amount: 5000, approved: false }));
  assert.deepEqual(again.lines[0], { sku: "A", quantity: 1, discount: 5000, reason: "Kupon" });
  assert.deepEqual([percentWords(1250, "id"), percentWords(1000, "en")], ["12,5 %", "10%"]);
});

test("what a supervisor will be asked for is said before, and presets allowed in advance are left out", () => {
  const staff = { name: "Karyawan", percent_bp: 2000, amount: null, approved: true };
  const over = (cart, sku, off) => overLimit(cart, views(cart), sku, off, [staff], 10);
  assert.equal(over(two, "A", { bp: 1000, reason: "x" }), false);
  assert.equal(over(two, "", { bp: 1001, reason: "x" }), true);
  assert.equal(over(two, "", ofPreset(staff)), false);
  assert.equal(over(withExtras(two, "A", { discount: 2300, reason: "x" }), "", { discount: 1, reason: "y" }), true);
});

test("an order whose discounts or notes changed is held anew, also after a reload", () => {
  const order = { id: "0197e2c4-0000-7000-8000-00000000000a", number: 3, status: "open", lines: [{ sku: "A", quantity: 1, discount: 100, reason: "r", note: "n" }], discount: 50, reason: "s", note: "Bu Sri" };
  const cart = cartOfOrder(order);
  assert.deepEqual(cart.lines, [{ sku: "A", quantity: 1, discount: 100, reason: "r", note: "n" }]);
  assert.deepEqual([cart.discount, cart.reason, cart.note], [50, "s", "Bu Sri"]);
  assert.equal(asHeld(cart), true);
  const changed = cartFrom(JSON.parse(JSON.stringify(withExtras(cart, "A", { note: "m" }))));
  assert.equal(asHeld(changed), false);
  assert.deepEqual(orderBody("o", "K1", fixed(changed, products)), { id: "o", register: "K1", lines: [{ sku: "A", quantity: 1, discount: 100, reason: "r", note: "m" }], discount: 50, reason: "s", note: "Bu Sri", order: order.id });
});

test("a payment that was given up brings discounts and notes back", () => {
  const sale = { lines: [{ sku: "A", quantity: 1, discount: 100, reason: "r", note: "" }, { sku: "A", quantity: 2, discount: 50, reason: "r", note: "n" }], discount: 0, reason: "", note: "w" };
  assert.deepEqual(cartOf(sale), { lines: [{ sku: "A", quantity: 3, discount: 150, reason: "r", note: "n" }], note: "w" });
});

test("undo puts back what was taken out, with its discount, beside what came in since", () => {
  const before = withExtras(two, "A", { bp: 1000, reason: "x" });
  const now = addTo(setQuantity(before, "A", 0), "B");
  assert.deepEqual(undone(before, now).lines, [{ sku: "A", quantity: 1, bp: 1000, reason: "x" }, { sku: "B", quantity: 2 }]);
  assert.deepEqual(undone(before, emptyCart()), before);
});

test("categories stand as the shop gives them, and the rest after them; favourites are a group", () => {
  const list = [{ sku: "1", name: "a", category: "X", favourite: true }, { sku: "2", name: "b", category: "Y" }, { sku: "3", name: "c", category: "Z" }];
  const catalogue = createCatalogue(list, ["Z", "GONE", "X"]);
  assert.deepEqual(catalogue.categories, ["Z", "X", "Y"]);
  assert.deepEqual(catalogue.find(FAVOURITES, "").map((one) => one.sku), ["1"]);
  assert.equal(catalogue.favourites, true);
  assert.equal(createCatalogue(list.slice(1)).favourites, false);
});
