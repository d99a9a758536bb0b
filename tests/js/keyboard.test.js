import assert from "node:assert/strict";
import { test } from "node:test";
import { capitalNext, createTypist, DIGITS, keysFor, LETTERS, SIGNS, typed, written } from "../../pos/static/js/keyboard/layout.js";

const field = (more) => ({ tag: "INPUT", type: "text", inputmode: "", typing: "", readonly: false, ...more });

test("every letter, digit and the signs of reasons and references are on the keys", () => {
  const keys = new Set([...LETTERS, ...SIGNS].flat());
  for (const letter of "abcdefghijklmnopqrstuvwxyz0123456789.,-/()'\":;?!&@#%+=*_") assert.ok(keys.has(letter), letter);
  for (const layer of [LETTERS, SIGNS, DIGITS]) for (const need of ["<erase>", "<done>"]) assert.ok(layer.flat().includes(need));
});

test("a key writes where the caret is, and over what is selected", () => {
  assert.deepEqual(typed("teh", 3, 3, "h"), { text: "tehh", caret: 4 });
  assert.deepEqual(typed("th", 1, 1, "e"), { text: "teh", caret: 2 });
  assert.deepEqual(typed("tempe", 1, 4, "i"), { text: "tie", caret: 2 });
});

test("erasing takes the selection, else one character, else nothing", () => {
  assert.deepEqual(typed("teh", 3, 3, ""), { text: "te", caret: 2 });
  assert.deepEqual(typed("teh", 0, 0, ""), { text: "teh", caret: 0 });
  assert.deepEqual(typed("tempe", 1, 4, ""), { text: "te", caret: 1 });
  assert.deepEqual(typed("a🙂", 3, 3, ""), { text: "a", caret: 1 });
});

test("a field's own limit holds", () => {
  assert.deepEqual(typed("123", 3, 3, "4", 3), { text: "123", caret: 3 });
  assert.deepEqual(typed("123", 0, 3, "4", 3), { text: "4", caret: 1 });
});

test("capitals come as the field asks", () => {
  assert.equal(written("a", true), "A");
  assert.equal(written("<space>", true), " ");
  assert.ok(capitalNext("characters", "AB"));
  assert.ok(capitalNext("words", "Teh "));
  assert.ok(!capitalNext("words", "Te"));
  assert.ok(capitalNext("sentences", "Rusak. "));
  assert.ok(!capitalNext("", ""));
});

test("fields with a pad of their own get no keys, numbers get digits, words get letters", () => {
  assert.equal(keysFor(field({ inputmode: "none" })), null);
  assert.equal(keysFor(field({ inputmode: "none", typing: "text" })), "letters");
  assert.equal(keysFor(field({ inputmode: "numeric" })), "digits");
  assert.equal(keysFor(field({ type: "password", inputmode: "numeric" })), "digits");
  assert.equal(keysFor(field({ type: "search" })), "letters");
  assert.equal(keysFor(field({ tag: "TEXTAREA", type: "textarea" })), "letters");
  for (const type of ["checkbox", "date", "file", "range"]) assert.equal(keysFor(field({ type })), null);
  assert.equal(keysFor(field({ readonly: true })), null);
});

test("a person at real keys is told from a scanner", () => {
  const person = createTypist();
  assert.deepEqual([0, 180, 390, 620].map((at) => person.key(at)), [false, false, true, true]);
  const scanner = createTypist();
  assert.ok([...Array(13).keys()].every((n) => !scanner.key(n * 8)));
  // Two scans with a minute between them are no person either.
  assert.ok([60_000, 60_008, 60_016].every((at) => !scanner.key(at)));
});
