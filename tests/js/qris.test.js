import assert from "node:assert/strict";
import { test } from "node:test";

import { keptPayments } from "../../pos/static/js/till/qriskept.js";
import { byHand, isOver, needsPerson, phaseOf, sentenceOf, troubleOf } from "../../pos/static/js/till/qrisstate.js";

const sale = (status, qris = {}) => ({ id: "s1", status, total: 15000, qris: { provider: "simulator", status: "waiting", payload: "0002", amount: 15000, ...qris } });

test("each end of a payment has a screen of its own", () => {
  assert.equal(phaseOf(sale("awaiting_payment", { payload: null })), "making");
  assert.equal(phaseOf(sale("awaiting_payment")), "waiting");
  assert.equal(phaseOf(sale("completed", { status: "paid" })), "paid");
  assert.equal(phaseOf(sale("cancelled", { status: "late", why: "amount" })), "amount");
  assert.equal(phaseOf(sale("cancelled", { status: "late", why: "late" })), "late");
  assert.equal(phaseOf(sale("expired", { status: "late", why: "late" })), "late");
  assert.equal(phaseOf(sale("expired", { status: "expired" })), "expired");
  assert.equal(phaseOf(sale("cancelled", { status: "failed", payload: null })), "nocode");
  assert.equal(phaseOf(sale("cancelled", { status: "failed" })), "failed");
  assert.equal(phaseOf(sale("cancelled", { status: "cancelled" })), "cancelled");
});

test("money of a wrong amount is named with both sums and never looks paid", () => {
  const wrong = sale("cancelled", { status: "late", why: "amount", paid_amount: 14000 });
  const words = sentenceOf(wrong, phaseOf(wrong));
  assert.match(words, /14\.000/);
  assert.match(words, /15\.000/);
  assert.ok(isOver(phaseOf(wrong)) && needsPerson(phaseOf(wrong)));
});

test("a silent provider is said only while it is waited for", () => {
  assert.match(troubleOf(sale("awaiting_payment", { trouble: "silent" }), true), /safe/);
  assert.match(troubleOf(sale("awaiting_payment", { trouble: "odd" }), true), /supervisor/);
  assert.equal(troubleOf(sale("awaiting_payment", { trouble: "" }), true), "");
  assert.equal(troubleOf(sale("cancelled", { trouble: "silent" }), true), "");
  assert.notEqual(troubleOf(sale("awaiting_payment"), false), "");
});

test("only a code of our own is confirmed by hand alone", () => {
  assert.equal(byHand(sale("awaiting_payment", { provider: "static" })), true);
  assert.equal(byHand(sale("awaiting_payment")), false);
});

test("what is waited for survives until its end was seen", () => {
  const kept = keptPayments("T9");
  kept.show("a");
  kept.park();
  kept.show("b");
  assert.deepEqual([keptPayments("T9").open(), keptPayments("T9").ids()], ["b", ["a", "b"]]);
  kept.forget("b");
  assert.deepEqual([keptPayments("T9").open(), keptPayments("T9").ids()], ["", ["a"]]);
  assert.deepEqual(keptPayments("T8").ids(), []);
  for (let n = 0; n < 50; n += 1) kept.show(`s${n}`);
  assert.equal(kept.ids().length, 20);
});
