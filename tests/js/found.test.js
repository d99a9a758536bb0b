// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundLine, lotsToChoose } from "../../pos/static/js/till/found.js";
import { outcomeOf } from "../../pos/static/js/till/sale.js";

test("what is counted in is what the books lack, never what they know", () => {
  assert.deepEqual(foundLine("A", 6, 2, { lot: "L1" }), { sku: "A", quantity: 4, lot: "L1" });
  assert.deepEqual(foundLine("A", 1, 0, {}), { sku: "A", quantity: 1, lot: "" });
  assert.deepEqual(foundLine("A", 3, -5, {}), { sku: "A", quantity: 3, lot: "" });
  assert.equal(foundLine("A", 2, 2, {}), null);
  assert.equal(foundLine("A", 0, 0, {}), null);
});

test("a date without a lot names the lot", () => {
  assert.deepEqual(foundLine("A", 1, 0, { day: "2099-01-01" }), { sku: "A", quantity: 1, lot: "2099-01-01", expires_on: "2099-01-01" });
});

test("lots past their date can't be chosen, and those that lie here are told", () => {
  const lots = [
    { lot: "OLD", expires_on: "2026-11-23", here: true },
    { lot: "GONE", expires_on: "2026-01-01", here: false },
    { lot: "TODAY", expires_on: "2026-11-24", here: true },
    { lot: "NONE", expires_on: null, here: false },
    { lot: "", expires_on: null, here: true },
  ];
  const found = lotsToChoose(lots, "2026-11-24");
  assert.deepEqual(found.lots.map((one) => one.lot), ["TODAY", "NONE"]);
  assert.deepEqual(found.expired.map((one) => one.lot), ["OLD"]);
});

test("a refusal for stock or for a date names what is short", () => {
  assert.equal(outcomeOf({ status: 409, body: { code: "insufficient_stock" } }), "stock");
  assert.equal(outcomeOf({ status: 422, body: { code: "lot_expired" } }), "stock");
});
