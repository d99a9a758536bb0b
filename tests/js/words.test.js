import assert from "node:assert/strict";
import { test } from "node:test";

import { correctable, paidWords } from "../../pos/static/js/till/words.js";

const SHIFT = { id: "s" };
const sale = (more = {}) => ({ status: "completed", shift: "s", total: 15000, change: 0, refunded: 0, tenders: [{ method: "cash", amount: 15000 }], ...more });
const byHand = { tenders: [{ method: "qris", amount: 15000 }], qris: { confirmed_by: "Kasir" } };
const space = "\u00a0";

test("how a sale was paid is said with what went back and what became of it", () => {
  assert.equal(paidWords(sale({ tenders: [{ method: "cash", amount: 50000 }], change: 35000 })), `Cash Rp${space}50.000 · Rp${space}35.000 back`);
  assert.equal(paidWords(sale(byHand)), `QRIS Rp${space}15.000`);
  assert.equal(paidWords(sale({ status: "voided", refunded: 15000 })), `Cash Rp${space}15.000 · Voided`);
});

test("a payment is changed in its own shift, while no money went back and no provider has it", () => {
  assert.equal(correctable(sale(), SHIFT), true);
  assert.equal(correctable(sale(byHand), SHIFT), true);
  assert.equal(correctable(sale({ ...byHand, qris: { confirmed_by: null } }), SHIFT), false);
  for (const more of [{ status: "voided" }, { refunded: 1 }, { total: 0 }, { shift: "t" }]) assert.equal(correctable(sale(more), SHIFT), false);
  assert.equal(correctable(sale(), null), false);
});
