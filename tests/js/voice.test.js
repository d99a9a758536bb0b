import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

import { fresh } from "../../pos/static/js/kiosk/machine.js";
import { clipsOf, numberClips } from "../../pos/static/js/kiosk/numbers.js";
import { stepOf, stepWords } from "../../pos/static/js/kiosk/spoken.js";

const said = (n, locale) => numberClips(n, locale).map((clip) => clip.slice(2)).join(" ");
const files = (locale) => new Set(readdirSync(new URL(`../../pos/static/voice/${locale}`, import.meta.url)).map((file) => file.replace(".ogg", "")));

test("Indonesian numbers are joined as they are spoken", () => {
  for (const [n, words] of [
    [0, "0"], [7, "7"], [10, "10"], [11, "11"], [12, "2 belas"], [20, "2 puluh"], [21, "2 puluh 1"], [100, "seratus"], [111, "seratus 11"],
    [250, "2 ratus 5 puluh"], [1000, "seribu"], [1500, "seribu 5 ratus"], [11_000, "11 ribu"], [15_000, "5 belas ribu"], [100_000, "seratus ribu"],
    [101_000, "seratus 1 ribu"], [47_500, "4 puluh 7 ribu 5 ratus"], [1_000_000, "1 juta"], [1_001_000, "1 juta seribu"], [12_345_678, "2 belas juta 3 ratus 4 puluh 5 ribu 6 ratus 7 puluh 8"],
  ]) assert.equal(said(n, "id"), words);
});

test("English numbers are joined as they are spoken", () => {
  for (const [n, words] of [[0, "0"], [13, "13"], [20, "20"], [47, "40 7"], [100, "1 hundred"], [1000, "1 thousand"], [15_500, "15 thousand 5 hundred"], [320_000, "3 hundred 20 thousand"], [2_000_001, "2 million 1"]]) assert.equal(said(n, "en"), words);
});

test("every number has its files, and what nobody says has none", () => {
  for (const locale of ["id", "en"]) {
    const there = files(locale);
    for (let n = 0; n < 2_000_000; n += n < 1300 ? 1 : 7919) for (const clip of numberClips(n, locale)) assert.ok(there.has(clip), `${n}: ${clip}`);
    for (const n of [-1, 0.5, 1e9, Number.NaN]) assert.deepEqual(numberClips(n, locale), []);
  }
});

const soon = new Date(Date.now() + 299_000).toISOString();
const sale = (status, qris = {}) => ({ id: "a", status, total: 47_000, number: "K2-000017", qris: { payload: "0002", expires_at: soon, ...qris } });
const cart = { lines: [{ sku: "A", quantity: 2 }] };
const around = { total: 47_000, printer: "none", receipts: false };

test("each step says what it asks for, from files that are there in both languages", () => {
  const states = [
    fresh(),
    { ...fresh(), screen: "choose" },
    { ...fresh(), screen: "choose", cart },
    { ...fresh(), screen: "review", cart },
    ...["price", "stock", "expired", "code", "other"].map((why) => ({ ...fresh(), screen: "review", cart, refusal: { why, text: "", lines: [] } })),
    { ...fresh(), screen: "asking" },
    { ...fresh(), screen: "qris", sale: sale("awaiting_payment") },
    { ...fresh(), screen: "qris", sale: sale("awaiting_payment", { payload: null }) },
    ...["expired", "cancelled"].map((status) => ({ ...fresh(), screen: "over", sale: sale(status) })),
    { ...fresh(), screen: "over", sale: sale("expired", { status: "late", paid_amount: 1 }) },
    { ...fresh(), screen: "slip", order: { id: "o", number: 12, total: 47_000, expires_at: soon } },
    { ...fresh(), screen: "thanks", sale: sale("completed") },
  ];
  for (const locale of ["id", "en"]) {
    const there = files(locale);
    for (const state of states) {
      const clips = clipsOf(stepWords(state, around), locale);
      assert.ok(clips.length > 0, state.screen);
      for (const clip of clips) assert.ok(there.has(clip), `${state.screen}: ${clip}`);
    }
  }
  assert.equal(stepWords(states.at(-1), around), "thanks 47000 rupiah your-number 17 collect receipt-ask");
  assert.match(stepWords(states.at(-2), around), /^your-number 12 total 47000 rupiah slip-number kept-for 5 minutes$/);
  assert.match(stepWords({ ...fresh(), screen: "review", cart, refusal: { why: "price" } }, around), /^refused-price 2 items total 47000 rupiah ways$/);
});

test("a step is said again when the code has come or a payment ended otherwise, not with every answer", () => {
  const waiting = { ...fresh(), screen: "qris", sale: sale("awaiting_payment") };
  assert.equal(stepOf(waiting), stepOf({ ...waiting, sale: { ...waiting.sale, trouble: "x" } }));
  assert.notEqual(stepOf(waiting), stepOf({ ...waiting, sale: sale("awaiting_payment", { payload: null }) }));
  assert.notEqual(stepOf({ ...waiting, screen: "over", sale: sale("expired") }), stepOf({ ...waiting, screen: "over", sale: sale("cancelled") }));
});
