import assert from "node:assert/strict";
import { test } from "node:test";

import { createCatalogue, payloadFields } from "../../pos/static/js/till/catalogue.js";
import { refundable } from "../../pos/static/js/till/refund.js";

const products = [
  { sku: "KTO-100", name: "Keripik Tempe Original", name_en: "Tempe chips", price: 15000, available: 5, barcodes: ["2012345000015"], category: "Keripik" },
  { sku: "MBT-250", name: "Minuman Bunga Telang", name_en: "Butterfly pea drink", price: 8000, available: 5, barcodes: [], category: "Minuman" },
];
const catalogue = createCatalogue(products);

test("every word counts, in both languages and in any order", () => {
  assert.deepEqual(catalogue.find("", "tempe KERIPIK").map((one) => one.sku), ["KTO-100"]);
  assert.deepEqual(catalogue.find("", "butterfly").map((one) => one.sku), ["MBT-250"]);
  assert.deepEqual(catalogue.find("", "tempe telang"), []);
  assert.deepEqual(catalogue.find("", "  ").length, 2);
});

test("a search looks beyond the chosen category, the category alone does not", () => {
  assert.deepEqual(catalogue.find("Minuman", "").map((one) => one.sku), ["MBT-250"]);
  assert.deepEqual(catalogue.find("Minuman", "tempe").map((one) => one.sku), ["KTO-100"]);
});

test("a scan finds by barcode and by SKU, and nothing by part of one", () => {
  assert.equal(catalogue.scan("2012345000015").sku, "KTO-100");
  assert.equal(catalogue.scan("mbt-250").sku, "MBT-250");
  assert.equal(catalogue.scan("201234500001"), null);
});

test("twenty thousand products are searched within fifty milliseconds", () => {
  const many = createCatalogue(Array.from({ length: 20_000 }, (_, n) => ({ ...products[n % 2], sku: `S${n}`, name: `Barang nomor ${n}` })));
  many.find("", "warm");
  const start = performance.now();
  assert.equal(many.find("", "nomor 19999").length, 1);
  assert.ok(performance.now() - start < 50);
});

test("a payload's merchant is read, and what is no payload has no fields", () => {
  const fields = payloadFields("000201010212591207Karya Lap6304ABCD".replace("591207", "5909"));
  assert.equal(fields.get("59"), "Karya Lap");
  assert.equal(payloadFields("0002").size, 0);
  assert.equal(payloadFields("hello world").size, 0);
});

test("what may still come back is what was sold less what came back", () => {
  const sale = {
    lines: [{ sku: "A", name: "A", quantity: 3, total: 30000 }, { sku: "B", name: "B", quantity: 1, total: 8000 }],
    refunds: [{ lines: [{ sku: "A", quantity: 2 }] }],
  };
  assert.deepEqual(refundable(sale).map((line) => [line.sku, line.left, line.unit]), [["A", 1, 10000], ["B", 1, 8000]]);
});
