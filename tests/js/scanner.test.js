import assert from "node:assert/strict";
import { test } from "node:test";

import { createScanner, SLOWEST_DIGITS_IN_FIELD, SLOWEST_GAP, SLOWEST_IN_FIELD } from "../../pos/static/js/till/scanner.js";

/** Type a text with a gap between keys and then Enter; the last thing heard. */
function typed(text, gap, { inField = false, scanner = createScanner(), from = 1000 } = {}) {
  let at = from;
  for (const key of text) scanner.key(key, (at += gap), inField);
  return scanner.key("Enter", at + gap, inField);
}

test("a burst that ends with Enter is a scan, in a field and outside", () => {
  for (const inField of [false, true]) {
    assert.deepEqual(typed("2012345000015", 5, { inField }), { kind: "scan", code: "2012345000015" });
    assert.deepEqual(typed("2012345000015", 0, { inField }), { kind: "scan", code: "2012345000015" });
    assert.deepEqual(typed("KTO-100", 20, { inField }), { kind: "scan", code: "KTO-100" });
  }
});

test("a scan is still one when the machine stutters", () => {
  assert.equal(typed("2012345000015", 400).kind, "scan");
  assert.equal(typed("2012345000015", SLOWEST_DIGITS_IN_FIELD, { inField: true }).kind, "scan");
});

test("a person who types into a field is no scanner", () => {
  assert.equal(typed("keripik", 150, { inField: true }).kind, "none");
  assert.equal(typed("keripik", SLOWEST_IN_FIELD - 5, { inField: true }).kind, "none");
  assert.equal(typed("15000", 120, { inField: true }).kind, "none");
});

test("a few keys and Enter are no scan", () => {
  assert.equal(typed("123", 5).kind, "none");
  assert.equal(createScanner().key("Enter", 5).kind, "none");
});

test("Enter long after the burst presses what it always presses", () => {
  const scanner = createScanner();
  let at = 0;
  for (const key of "20123456") scanner.key(key, (at += 5));
  assert.equal(scanner.key("Enter", at + SLOWEST_GAP + 1).kind, "none");
});

test("the space bar presses a button and begins no scan", () => {
  const scanner = createScanner();
  assert.equal(scanner.key(" ", 10).kind, "none");
  assert.equal(scanner.key(" ", 20).kind, "none");
  assert.equal(scanner.key("Enter", 30).kind, "none");
});

test("a scan after a pause holds only the burst", () => {
  const scanner = createScanner();
  scanner.key("k", 0);
  assert.deepEqual(typed("20123456", 5, { scanner, from: 2000 }), { kind: "scan", code: "20123456" });
});

test("Shift within a burst does not break it, other keys do", () => {
  const scanner = createScanner();
  let at = 0;
  for (const key of ["K", "Shift", "T", "O", "-", "1"]) scanner.key(key, (at += 5));
  assert.deepEqual(scanner.key("Enter", at + 5), { kind: "scan", code: "KTO-1" });
  for (const key of ["2", "0", "ArrowLeft", "1", "2"]) scanner.key(key, (at += 5));
  assert.equal(scanner.key("Enter", at + 5).kind, "none");
});

test("two scans in a row are two", () => {
  const scanner = createScanner();
  assert.equal(typed("11112222", 4, { scanner, from: 0 }).code, "11112222");
  assert.equal(typed("33334444", 4, { scanner, from: 100 }).code, "33334444");
});

test("the first key of a burst is told, so that a field can be put back", () => {
  const scanner = createScanner();
  assert.deepEqual(scanner.key("2", 1000), { kind: "typing", length: 1 });
  assert.deepEqual(scanner.key("0", 1004), { kind: "typing", length: 2 });
});
