import assert from "node:assert/strict";
import { test } from "node:test";

import { lineTotal, roundingFor, totals } from "../../pos/static/js/lib/pricing.js";
import { vectors } from "./vectors.js";

const cases = vectors("pricing");
const asLines = (lines) => lines.map(([quantity, unitPrice, discount]) => ({ quantity, unitPrice, discount }));

test("amounts are rounded as Python rounds them", () => {
  for (const { amount, step, rounding } of cases.rounding) {
    // Object.is would tell -0 from 0; nobody who reads a receipt does.
    assert.equal(roundingFor(amount, step) + 0, rounding, `${amount} by ${step}`);
  }
});

test("a cart adds up as Python adds it up", () => {
  for (const { name, lines, sale_discount, step, all_cash, ...expected } of cases.totals) {
    assert.deepEqual(totals(asLines(lines), sale_discount, step, all_cash), expected, name);
  }
});

test("what Python refuses is refused", () => {
  for (const { name, lines, sale_discount } of cases.refused) {
    assert.throws(() => totals(asLines(lines), sale_discount, 100, true), RangeError, name);
  }
});

test("a line without a discount has none", () => {
  assert.equal(lineTotal({ quantity: 2, unitPrice: 15000 }), 30000);
  assert.equal(totals([{ quantity: 2, unitPrice: 15000 }], 0, 100, true).total, 30000);
});
