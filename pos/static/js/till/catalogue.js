// @ts-check
/** Finding products: by category, by words, by barcode. No DOM in here; quick with many thousands of products. */

/** @typedef {import("./cart.js").Product} Product */

/** Letters only, lower case, without accents. @param {string} text */
export function plain(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

/** The favourites among the categories. */
export const FAVOURITES = "*";

/** The categories of what is sold, those first that the shop has placed. @param {readonly {category?: string|null}[]} products @param {readonly string[]} order */
export function categoriesOf(products, order) {
  const used = new Set(products.map((product) => product.category ?? "").filter(Boolean));
  return [...new Set([...order.filter((name) => used.has(name)), ...used])];
}

/** @param {readonly Product[]} products in the order of the till @param {readonly string[]} [order] of categories */
export function createCatalogue(products, order = []) {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  /** @type {Map<string, Product>} */
  const byBarcode = new Map();
  for (const product of products) for (const code of product.barcodes ?? []) byBarcode.set(code, product);
  const texts = products.map((product) => plain([product.name, product.name_en, product.sku, ...(product.barcodes ?? [])].join(" ")));
  return {
    products,
    bySku,
    categories: categoriesOf(products, order),
    favourites: products.some((product) => product.favourite),
    /** By barcode, or by SKU as a label of our own may carry it. @param {string} code @returns {Product|null} */
    scan: (code) => byBarcode.get(code) ?? bySku.get(code) ?? bySku.get(code.toUpperCase()) ?? null,
    /** Products of a category (empty: all) that hold every word of a query. @param {string} category @param {string} query */
    find(category, query) {
      const words = plain(query).split(/\s+/).filter(Boolean);
      return products.filter(
        (product, i) => (!category || words.length > 0 || (category === FAVOURITES ? product.favourite : product.category === category)) && words.every((word) => texts[i].includes(word)),
      );
    },
  };
}

/** Few enough left to say so loudly. @param {number} available */
export function fewLeft(available) {
  return available <= 10;
}

/** Fields of an EMVCo payload (QRIS): tag to value, or an empty map when it is none. @param {string} payload */
export function payloadFields(payload) {
  /** @type {Map<string, string>} */
  const fields = new Map();
  for (let at = 0; at + 4 <= payload.length; ) {
    const length = Number(payload.slice(at + 2, at + 4));
    if (!Number.isInteger(length) || at + 4 + length > payload.length) return new Map();
    fields.set(payload.slice(at, at + 2), payload.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}
