// Every refusal of the server becomes a sentence with one button at the till; a bare code is never read by anybody.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { failureOf, wayWords } from "../../pos/static/js/till/failures.js";
import { outcomeOf } from "../../pos/static/js/till/sale.js";

const codes = JSON.parse(readFileSync(new URL("../vectors/codes.json", import.meta.url), "utf8"));
const refused = Object.entries(codes).filter(([code, status]) => !["done", "waiting", "unanswered", "sign_in"].includes(outcomeOf({ status, body: { code } })));

const isSentence = (text) => /^[A-Z][^_]+\.$/.test(text) && text.split(" ").length >= 3;

test("a refusal says first that nothing was sold, then the server's own sentence, and offers one button", () => {
  for (const [code, status] of refused) {
    const { text, way } = failureOf({ status, ok: false, body: { code, detail: "The server says why.", total: 15000 } });
    assert.match(text, /^Nothing was sold\. /, code);
    assert.ok(isSentence(text), `${code}: ${text}`);
    assert.ok(["again", "left", "cart"].includes(way), code);
    assert.ok(wayWords(way).split(" ").length >= 2, code);
  }
  assert.ok(refused.length > 40);
});

test("a refusal without a word of the server is a sentence all the same, and never its code", () => {
  for (const [code, status] of refused) {
    for (const body of [{ code }, { code, detail: "" }, { code, title: code, errors: [] }]) {
      const { text } = failureOf({ status, ok: false, body });
      assert.ok(isSentence(text) && !text.includes(code), `${code}: ${text}`);
    }
  }
  for (const status of [400, 404, 409, 413, 418, 422]) assert.ok(isSentence(failureOf({ status, ok: false, body: null }).text), String(status));
});

test("an answer that does not say what it did is asked about, not shown as a failure", () => {
  for (const status of [500, 502, 503, 504]) assert.equal(outcomeOf({ status, body: null }), "unanswered");
  assert.equal(outcomeOf({ status: 503, body: { code: "database_unavailable" } }), "unanswered");
});

test("the button does what helps: try again, take what is left, or change the cart", () => {
  const way = (code, status = 409) => failureOf({ status, ok: false, body: { code } }).way;
  assert.equal(way("provider_unavailable", 503), "again");
  assert.equal(way("approval_needed", 403), "again");
  assert.equal(way("slow_down", 429), "again");
  assert.equal(way("insufficient_stock"), "left");
  assert.equal(way("lot_expired", 422), "cart");
  assert.equal(way("price_changed"), "cart");
  assert.equal(way("shift_closed"), "cart");
  assert.equal(way("a_code_of_a_newer_server"), "cart");
  assert.equal(wayWords("again", true), "Try QRIS again");
});
