import assert from "node:assert/strict";
import { test } from "node:test";

import { outcomeOf, pause, pendingFrom, saleBody } from "../../pos/static/js/till/sale.js";

const body = (code) => ({ code });

test("a sale is asked with its lines, its tenders and the total that was shown, and nothing else", () => {
  const cart = { lines: [{ sku: "A", quantity: 2, price: 5 }] };
  assert.deepEqual(saleBody("id-1", "K1", cart, [{ method: "cash", amount: 50000 }], 38000), {
    id: "id-1",
    register: "K1",
    lines: [{ sku: "A", quantity: 2 }],
    tenders: [{ method: "cash", amount: 50000 }],
    total: 38000,
  });
});

test("only the server's own word makes a sale done", () => {
  assert.equal(outcomeOf({ status: 201, body: { status: "completed" } }), "done");
  assert.equal(outcomeOf({ status: 200, body: { status: "completed" } }), "done");
  assert.equal(outcomeOf({ status: 202, body: { status: "awaiting_payment" } }), "waiting");
  assert.equal(outcomeOf({ status: 200, body: { status: "awaiting_payment" } }), "waiting");
  assert.equal(outcomeOf({ status: 200, body: null }), "unanswered");
});

test("a sale that ended unpaid while the till was away is never shown as paid", () => {
  for (const status of ["cancelled", "expired"]) assert.equal(outcomeOf({ status: 200, body: { status } }), "waiting");
});

test("an answer that may hide a saved sale is asked again, not given up", () => {
  for (const status of [500, 502, 503, 504]) assert.equal(outcomeOf({ status, body: null }), "unanswered");
  assert.equal(outcomeOf({ status: 503, body: body("database_unavailable") }), "unanswered");
  // No code was made, and nothing was written: asking the same again without end would keep the customer standing.
  assert.equal(outcomeOf({ status: 503, body: body("provider_unavailable") }), "code");
});

test("each refusal leads to what helps", () => {
  assert.equal(outcomeOf({ status: 401, body: body("sign_in") }), "sign_in");
  assert.equal(outcomeOf({ status: 403, body: body("approval_needed") }), "approval");
  assert.equal(outcomeOf({ status: 403, body: body("forbidden") }), "refused");
  assert.equal(outcomeOf({ status: 409, body: body("price_changed") }), "price");
  assert.equal(outcomeOf({ status: 409, body: body("insufficient_stock") }), "stock");
  assert.equal(outcomeOf({ status: 409, body: body("shift_not_open") }), "shift");
  assert.equal(outcomeOf({ status: 409, body: body("clock_unconfirmed") }), "clock");
  assert.equal(outcomeOf({ status: 404, body: null }), "refused");
});

test("a kept sale is asked again only when it is whole", () => {
  const whole = saleBody("id-1", "K1", { lines: [{ sku: "A", quantity: 1 }] }, [{ method: "qris" }], 5);
  assert.deepEqual(pendingFrom({ body: whole }), whole);
  for (const broken of [null, {}, { body: {} }, { body: { id: "x" } }, "text"]) assert.equal(pendingFrom(broken), null);
});

test("the till asks again soon, then ever more patiently, but at least every two seconds", () => {
  const pauses = [1, 2, 3, 4, 5, 50].map(pause);
  assert.deepEqual(pauses, [1000, 2000, 2000, 2000, 2000, 2000]);
});
