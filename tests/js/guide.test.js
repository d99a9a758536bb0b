// The guide follows what the learner does, and says one sentence a step.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isLast, sentenceOf, stepOf, STEPS, targetOf } from "../../pos/static/js/till/guide.js";

const open = { counted: false };
const cart = (...lines) => ({ lines });
const fresh = { sold: false, seen: false };

test("each step of a first sale is told by what is on the till", () => {
  const empty = { user: null, shift: null, cart: cart(), pending: null, done: null };
  assert.equal(stepOf(empty, fresh), 0);
  const here = { ...empty, user: { name: "Kasir" } };
  assert.equal(stepOf(here, fresh), 1);
  assert.equal(stepOf({ ...here, shift: { counted: true } }, fresh), 1);
  const ready = { ...here, shift: open };
  assert.equal(stepOf(ready, fresh), 2);
  assert.equal(stepOf({ ...ready, cart: cart({}) }, fresh), 3);
  assert.equal(stepOf({ ...ready, pending: {} }, fresh), 3);
  assert.equal(stepOf({ ...ready, done: {} }, { sold: true, seen: false }), 4);
  assert.equal(stepOf({ ...ready, cart: cart({}) }, { sold: true, seen: true }), 5);
});

test("every step has a plain sentence and something on the page that it speaks of", () => {
  for (let step = 0; step < STEPS; step += 1) {
    assert.match(sentenceOf(step), /^[A-Z].+\.$/);
    assert.match(targetOf(step), /^#/);
    assert.equal(isLast(step), step === STEPS - 1);
  }
});
