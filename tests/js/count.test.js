import assert from "node:assert/strict";
import { test } from "node:test";

import { byDenomination, countsFrom, DENOMINATIONS, pieces, sum, withPieces } from "../../pos/static/js/shift/count.js";
import { pressKey, readAmount } from "../../pos/static/js/lib/digits.js";

test("a count adds up and names only what is there", () => {
  const counts = withPieces(withPieces(countsFrom(null), 100_000, 3), 500, 2);
  assert.equal(sum(counts), 301_000);
  assert.deepEqual(byDenomination(counts), { 100000: 3, 500: 2 });
  assert.deepEqual(byDenomination(countsFrom(null)), {});
});

test("a count never goes below zero and survives a reload", () => {
  const counts = withPieces(countsFrom(null), 1_000, -4);
  assert.equal(sum(counts), 0);
  const kept = JSON.parse(JSON.stringify(Object.fromEntries(withPieces(counts, 2_000, 7))));
  assert.equal(sum(countsFrom(kept)), 14_000);
  assert.equal(sum(countsFrom({ 2000: "x", 7: 9 })), 0);
});

test("notes and coins stand from large to small", () => {
  assert.deepEqual([...DENOMINATIONS].sort((a, b) => b - a), [...DENOMINATIONS]);
});

test("pieces are read from whatever was typed", () => {
  assert.equal(pieces("12"), 12);
  assert.equal(pieces(" 1 2 "), 12);
  assert.equal(pieces(""), 0);
  assert.equal(pieces("-3"), 3);
});

test("an amount is typed with dots or without, and the keypad has thousands", () => {
  assert.equal(readAmount("200.000"), 200_000);
  assert.equal(readAmount("Rp 5"), 5);
  assert.equal(readAmount(""), null);
  assert.equal(pressKey(null, "5"), 5);
  assert.equal(pressKey(5, "000"), 5_000);
  assert.equal(pressKey(null, "000"), null);
  assert.equal(pressKey(52, "erase"), 5);
  assert.equal(pressKey(5, "erase"), null);
  assert.equal(pressKey(5, "clear"), null);
  assert.equal(pressKey(999_999_999_999, "9"), 999_999_999_999);
});
