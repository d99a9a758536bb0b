import assert from "node:assert/strict";
import { test } from "node:test";

import { dotted, rupiah } from "../../pos/static/js/lib/money.js";
import { vectors } from "./vectors.js";

test("amounts are written as Python writes them", () => {
  for (const { amount, dotted: paper, rupiah: screen } of vectors("money")) {
    assert.equal(dotted(amount), paper);
    assert.equal(rupiah(amount), screen);
  }
});

test("what is no whole number of rupiah is refused, not shown wrong", () => {
  for (const bad of [12.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => dotted(bad), RangeError);
    assert.throws(() => rupiah(bad), RangeError);
  }
});
