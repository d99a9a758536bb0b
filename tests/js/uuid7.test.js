import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { createUuid7 } from "../../pos/static/js/lib/uuid7.js";

// Node 18 has no global crypto; every browser has.
const fill = (bytes) => webcrypto.getRandomValues(bytes);
const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const ascending = (ids) => ids.every((id, at) => at === 0 || ids[at - 1] < id);

test("an id is canonical text of a version 7 UUID", () => {
  const uuid7 = createUuid7({ fill });
  for (let round = 0; round < 1000; round += 1) assert.match(uuid7(), SHAPE);
});

test("an id begins with its millisecond", () => {
  const uuid7 = createUuid7({ now: () => 0x019b_1234_5678, fill });
  assert.equal(uuid7().slice(0, 13), "019b1234-5678");
});

test("ids of one millisecond are ascending and all different, beyond the room of the counter", () => {
  const uuid7 = createUuid7({ now: () => 1_764_000_000_000, fill });
  const ids = Array.from({ length: 20_000 }, uuid7);
  assert.ok(ascending(ids));
  assert.equal(new Set(ids).size, ids.length);
});

test("ids stay ascending when the clock is set back", () => {
  const times = [5000, 5001, 4000, 1, 5001, 5002];
  const uuid7 = createUuid7({ now: () => times.shift(), fill });
  assert.ok(ascending(Array.from({ length: 6 }, uuid7)));
});

test("two tills at the same instant make different ids", () => {
  const one = createUuid7({ now: () => 1_764_000_000_000, fill });
  const two = createUuid7({ now: () => 1_764_000_000_000, fill });
  const ids = Array.from({ length: 500 }, () => [one(), two()]).flat();
  assert.equal(new Set(ids).size, ids.length);
});

test("version and variant stand even when every random bit is set or none", () => {
  for (const byte of [0x00, 0xff]) {
    const uuid7 = createUuid7({ now: () => 1_764_000_000_000, fill: (bytes) => bytes.fill(byte) });
    assert.match(uuid7(), SHAPE);
  }
});
