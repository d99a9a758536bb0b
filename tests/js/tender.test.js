import assert from "node:assert/strict";
import { test } from "node:test";

import { change, NOTES, quickCash } from "../../pos/static/js/lib/tender.js";
import { vectors } from "./vectors.js";

test("the suggested notes are those of Python", () => {
  for (const { due, suggested } of vectors("quick_cash")) assert.deepEqual(quickCash(due), suggested, `due ${due}`);
});

test("every suggestion pays more than is due, in ascending order, five at most", () => {
  for (let due = 1; due < 260_000; due += 37) {
    const suggested = quickCash(due);
    assert.ok(suggested.length <= 5);
    assert.ok(suggested.every((amount, at) => amount > (at ? suggested[at - 1] : due)), `due ${due}`);
  }
});

test("asking for suggestions leaves the list of notes as it is", () => {
  quickCash(4500);
  assert.deepEqual([...NOTES], [1000, 2000, 5000, 10000, 20000, 50000, 100000]);
});

test("change is what was paid beyond the sum, and negative while money is missing", () => {
  assert.equal(change(38000, 50000), 12000);
  assert.equal(change(38000, 38000), 0);
  assert.equal(change(38000, 20000), -18000);
});
