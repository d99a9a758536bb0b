import assert from "node:assert/strict";
import { test } from "node:test";

import { answered, begin, changeOrder, fresh, leave, mustStay, payByQris, put, restored, saysEnough, seen, seenOrder, takeSlip, turnTo } from "../../pos/static/js/kiosk/machine.js";
import { absence, QUIET, READING, WARNING } from "../../pos/static/js/kiosk/patience.js";

const ID = "0197e2c4-0000-7000-8000-00000000000a";
const sale = (status, qris = {}) => ({ id: ID, status, total: 30000, lines: [], qris: { payload: "0002", ...qris } });
const answer = (status, body) => ({ status, body });
const kept = (state) => restored(JSON.parse(JSON.stringify(state)));
const reviewing = () => turnTo(put(begin(fresh()), "A", 2), "review");
const asking = () => payByQris(reviewing(), ID, "K2", 30000);
const waiting = () => answered(asking(), answer(202, sale("awaiting_payment")), "");
const slip = () => answered(takeSlip(reviewing(), ID, "K2"), answer(201, { id: ID, status: "open", number: 7 }), "");

test("a visitor goes from the start to the code", () => {
  assert.equal(turnTo(begin(fresh()), "review").screen, "choose");
  assert.equal(reviewing().screen, "review");
  assert.deepEqual(asking().pending, { kind: "sale", body: { id: ID, register: "K2", lines: [{ sku: "A", quantity: 2 }], tenders: [{ method: "qris" }], total: 30000 } });
  assert.equal(waiting().screen, "qris");
  assert.equal(put(reviewing(), "A", 0).screen, "choose");
});

test("nothing is paid before the server said so, and then at once", () => {
  for (const status of ["awaiting_payment", "expired", "cancelled"]) assert.notEqual(seen(waiting(), sale(status)).screen, "thanks");
  assert.equal(seen(waiting(), sale("completed")).screen, "thanks");
  assert.equal(seen(waiting(), { ...sale("completed"), id: "another" }).screen, "qris");
  assert.equal(seen(reviewing(), sale("completed")).screen, "review");
});

test("what is asked for survives a reload in every state, with the same id", () => {
  assert.deepEqual(kept(asking()), asking());
  assert.equal(kept(waiting()).sale.id, ID);
  assert.deepEqual(kept(slip()).order, slip().order);
  assert.equal(kept(reviewing()).screen, "review");
  assert.equal(kept(seen(waiting(), sale("completed"))).screen, "thanks");
  for (const broken of [null, 7, {}, { screen: "qris" }, { screen: "thanks", sale: null }, { screen: "asking" }, { screen: "review", cart: { lines: [] } }, { screen: "elsewhere" }]) assert.deepEqual(restored(broken), fresh());
});

test("a silence or a crash decides nothing; a refusal leads back to the goods and keeps them", () => {
  for (const code of [500, 502, 503]) assert.equal(saysEnough(asking(), answer(code, null)), false);
  assert.equal(answered(asking(), answer(500, null), "").screen, "asking");
  assert.equal(saysEnough(takeSlip(reviewing(), ID, "K2"), answer(503, { code: "database_unavailable" })), false);
  for (const [status, body, why] of [
    [409, { code: "insufficient_stock", lines: [{ sku: "A", available: 1 }] }, "stock"],
    [409, { code: "price_changed" }, "price"],
    [422, { code: "lot_expired" }, "expired"],
    [503, { code: "provider_unavailable" }, "code"],
    [422, { code: "validation_error" }, "other"],
  ]) {
    const back = answered(asking(), answer(status, body), "said");
    assert.deepEqual([back.screen, back.refusal.why, back.pending, back.cart.lines[0].quantity], ["review", why, null, 2]);
  }
});

test("what was not paid is changed, tried again or taken to the counter; money that needs a person stays", () => {
  const expired = seen(waiting(), sale("expired"));
  assert.equal(changeOrder(expired).screen, "review");
  assert.equal(takeSlip(expired, ID, "K2").pending.kind, "order");
  const late = seen(waiting(), sale("expired", { status: "late", why: "amount", paid_amount: 1 }));
  assert.equal(late.screen, "over");
  assert.equal(changeOrder(late), late);
  assert.equal(takeSlip(late, ID, "K2"), late);
  assert.equal(changeOrder(waiting()).screen, "qris");
  assert.equal(seen(expired, sale("completed")).screen, "thanks");
});

test("a slip that a till used up is not shown to the next visitor", () => {
  assert.equal(slip().screen, "slip");
  assert.equal(seenOrder(slip(), { id: ID, status: "open", number: 7 }).screen, "slip");
  for (const status of ["used", "dropped", "expired"]) assert.deepEqual(seenOrder(slip(), { id: ID, status }), fresh());
});

test("an absent visitor is asked after a minute and the goods go after half a minute more", () => {
  assert.equal(absence(reviewing(), QUIET - 1).kind, "stay");
  assert.deepEqual(absence(reviewing(), QUIET), { kind: "warn", left: WARNING });
  assert.equal(absence(reviewing(), QUIET + WARNING).kind, "leave");
  assert.ok(WARNING >= 20_000);
  assert.deepEqual(absence(slip(), 1000), { kind: "reading", left: READING.slip - 1000 });
  assert.equal(absence(fresh(), 1e9).kind, "stay");
});

test("no absence ends what is asked for, a payment, or money that needs a person", () => {
  const late = seen(waiting(), sale("cancelled", { status: "late", paid_amount: 30000 }));
  for (const state of [asking(), waiting(), late]) {
    assert.equal(mustStay(state), true);
    assert.equal(absence(state, 1e9).kind, "stay");
  }
  assert.equal(leave(asking()).screen, "asking");
  assert.equal(leave(waiting()).screen, "qris");
  assert.equal(absence(seen(waiting(), sale("expired")), 1e9).kind, "leave");
});
