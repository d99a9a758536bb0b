import assert from "node:assert/strict";
import { test } from "node:test";

import { turnOf } from "../../pos/static/js/display/idle.js";
import { overWords } from "../../pos/static/js/display/sale.js";
import { FRESH, isNewer, paidFigures, stageOf } from "../../pos/static/js/display/stage.js";
import { addTo, emptyCart } from "../../pos/static/js/till/cart.js";
import { createCatalogue } from "../../pos/static/js/till/catalogue.js";
import { sceneOf } from "../../pos/static/js/till/display.js";

const NOW = Date.parse("2026-11-24T05:00:00Z");
const LINE = { name: "Teh", quantity: 1, unit_price: 25000, discount: 0, total: 25000 };
const scene = (more = {}) => ({ at: 1, locale: "id", lines: [], discount: 0, total: 0, cash_total: 0, asking: false, sale: null, ...more });
const sale = (status, more = {}) => ({ id: "s1", status, total: 25000, change: 0, completed_at: "2026-11-24T04:59:50Z", tenders: [{ method: "qris", amount: 25000 }], qris: { provider: "simulator", status: "waiting", payload: true, expires_at: "2026-11-24T05:04:00Z" }, ...more });

test("nothing is paid before the server has said so of this very sale", () => {
  assert.equal(stageOf(scene({ sale: "s1" }), null, NOW), "wait");
  assert.equal(stageOf(scene({ sale: "s1" }), { ...sale("completed"), id: "another" }, NOW), "wait");
  assert.equal(stageOf(scene({ sale: "s1" }), sale("awaiting_payment"), NOW), "code");
  assert.equal(stageOf(scene({ sale: "s1" }), sale("completed"), NOW), "paid");
  assert.equal(stageOf(scene({ lines: [LINE], asking: true }), sale("completed"), NOW), "cart");
});

test("the code goes when its time is over, before the provider has had the last word", () => {
  assert.equal(stageOf(scene({ sale: "s1" }), sale("awaiting_payment"), NOW + 241_000), "checking");
  const byHand = { ...sale("awaiting_payment"), qris: { ...sale("awaiting_payment").qris, provider: "static" } };
  assert.equal(stageOf(scene({ sale: "s1" }), byHand, NOW + 241_000), "code");
  for (const status of ["cancelled", "expired"]) assert.equal(stageOf(scene({ sale: "s1" }), sale(status), NOW), "over");
});

test("thanks make room for the shop's products, and a voided sale thanks nobody", () => {
  assert.equal(stageOf(scene({ sale: "s1" }), sale("completed"), NOW + 81_000), "idle");
  assert.equal(stageOf(scene({ sale: "s1" }), sale("voided"), NOW), "idle");
  assert.equal(stageOf(scene(), sale("completed"), NOW), "idle");
  assert.equal(stageOf(null, null, NOW), "idle");
});

test("without a till's word the books alone decide", () => {
  assert.equal(stageOf(null, sale("awaiting_payment"), NOW), "code");
  assert.equal(stageOf(null, sale("completed"), NOW), "paid");
});

test("the newest scene counts, and any that comes after a long silence", () => {
  const old = scene({ at: 100 });
  assert.ok(isNewer(null, 0, scene()));
  assert.ok(isNewer(old, 0, scene({ at: 101 })));
  assert.ok(!isNewer(old, 0, scene({ at: 100 })));
  assert.ok(isNewer(old, FRESH + 1, scene({ at: 1 })));
});

test("change is large in cash, and also where cash paid a part", () => {
  const cash = sale("completed", { total: 38000, change: 12000, tenders: [{ method: "cash", amount: 50000 }] });
  assert.deepEqual(paidFigures(cash), { change: 12000, received: 50000, total: 38000, large: "change" });
  assert.equal(paidFigures(sale("completed")).large, "paid");
});

test("money that somebody must look at is never called lost, and a dead code is not to be paid", () => {
  const late = sale("expired", { qris: { ...sale("x").qris, status: "late", why: "late" } });
  assert.match(overWords(late), /arrived/);
  assert.match(overWords(sale("cancelled")), /do not pay/);
});

test("the till tells its cart with prices, and a late payment leaves the next cart on the display", () => {
  const catalogue = createCatalogue([{ sku: "T", name: "Teh", name_en: "Tea", price: 25040, available: 5 }]);
  const state = { catalogue, cart: addTo(emptyCart(), "T", 2), pending: null, done: { id: "s1" }, code: null };
  const boot = { locale: "en", rounding_step: 100 };
  const told = sceneOf(state, boot);
  assert.deepEqual(told.lines, [{ name: "Tea", quantity: 2, unit_price: 25040, discount: 0, total: 50080 }]);
  assert.deepEqual([told.total, told.cash_total, told.sale], [50080, 50100, null]);
  assert.equal(sceneOf({ ...state, cart: emptyCart() }, boot).sale, "s1");
  assert.equal(sceneOf({ ...state, code: "s2" }, boot).sale, "s2");
  assert.ok(!("paid" in told) && !JSON.stringify(told).includes("status"));
});

test("products take turns, and each of them has its turn", () => {
  const six = [1, 2, 3, 4, 5, 6];
  assert.deepEqual(turnOf(six, 3), six);
  const eight = [...six, 7, 8];
  assert.deepEqual(turnOf(eight, 1), [7, 8, 1, 2, 3, 4]);
  assert.equal(new Set([0, 1, 2, 3].flatMap((turn) => turnOf(eight, turn))).size, 8);
});
