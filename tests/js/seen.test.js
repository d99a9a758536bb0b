// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeen, GONE_AFTER } from "../../pos/static/js/office/seen.js";

test("a code that stays before the camera is one piece", () => {
  const seen = createSeen();
  assert.deepEqual(seen.look(["A"], 0), ["A"]);
  for (let at = 150; at < 5000; at += 150) assert.deepEqual(seen.look(["A"], at), []);
});

test("a code that went away and came back is another piece", () => {
  const seen = createSeen();
  seen.look(["A"], 0);
  seen.look([], 300);
  assert.deepEqual(seen.look(["A"], 600), []);
  assert.deepEqual(seen.look(["A"], 601 + GONE_AFTER), ["A"]);
});

test("two codes in one picture are two pieces, the same one twice is one", () => {
  assert.deepEqual(createSeen().look(["A", "B", "A"], 5), ["A", "B"]);
});
