// @ts-check
/** The cart: which product, how many. No DOM, no prices of its own; those are looked up when it is shown or paid. */

/** @typedef {{discount?: number, bp?: number, reason?: string, note?: string}} Extras rupiah or basis points off, why, and a few words */
/** @typedef {{sku: string, quantity: number} & Extras} CartLine */
/** @typedef {{id: string, number: number, held: Record<string, number>, stale?: boolean}} CartOrder an order on the server, with what it has set aside; stale: it knows other discounts or notes */
/** @typedef {{lines: readonly CartLine[], order?: CartOrder} & Extras} Cart */
/** @typedef {{sku: string, name: string, name_en?: string|null, price: number, available: number, barcodes?: string[], category?: string|null, unit?: string, picture?: string|null, favourite?: boolean}} Product */
/** @typedef {{sku: string, name: string, quantity: number, unitPrice: number, discount: number, reason: string, note: string, total: number, left: number|null}} LineView */

import { offOf } from "../lib/pricing.js";

export const MOST_LINES = 100;
export const MOST_PIECES = 9_999;

/** @returns {Cart} */
export function emptyCart() {
  return { lines: [] };
}

/** Read what was kept; anything that is no cart becomes an empty one. @param {any} kept @returns {Cart} */
export function cartFrom(kept) {
  const lines = Array.isArray(kept?.lines) ? kept.lines : [];
  const good = lines.filter((/** @type {any} */ line) => typeof line?.sku === "string" && Number.isInteger(line.quantity) && line.quantity > 0);
  const found = good.slice(0, MOST_LINES).map((/** @type {any} */ line) => ({ sku: line.sku, quantity: Math.min(line.quantity, MOST_PIECES), ...extrasOf(line) }));
  return found.length ? { lines: found, ...extrasOf(kept), ...orderOf(kept.order) } : emptyCart();
}

/** What is off and why, and the words: of a line, a cart, a sale or an order. @param {any} of @returns {Extras} */
function extrasOf({ discount, bp, reason, note }) {
  const [name, off] = bp ? ["bp", bp] : ["discount", discount];
  return { ...(Number.isInteger(off) && off > 0 ? { [name]: off, reason: String(reason ?? "") } : {}), ...(note ? { note: String(note) } : {}) };
}

/** @param {any} kept */
function orderOf(kept) {
  const good = typeof kept?.id === "string" && Number.isInteger(kept.number) && kept.held && typeof kept.held === "object";
  return good ? { order: { id: kept.id, number: kept.number, held: kept.held, ...(kept.stale ? { stale: true } : {}) } } : {};
}

/** @param {Cart} cart @param {string} sku */
export function quantityOf(cart, sku) {
  return cart.lines.find((line) => line.sku === sku)?.quantity ?? 0;
}

/** Put in `count` more; a new product goes to the end. @param {Cart} cart @param {string} sku @param {number} [count] @returns {Cart} */
export function addTo(cart, sku, count = 1) {
  return setQuantity(cart, sku, quantityOf(cart, sku) + count);
}

/** @param {Cart} cart @param {string} sku @param {number} quantity 0 or less takes the line out @returns {Cart} */
export function setQuantity(cart, sku, quantity) {
  const wanted = Math.min(quantity, MOST_PIECES);
  if (wanted < 1) {
    const lines = cart.lines.filter((line) => line.sku !== sku);
    return lines.length ? { ...cart, lines } : emptyCart();
  }
  if (quantityOf(cart, sku)) return { ...cart, lines: cart.lines.map((line) => (line.sku === sku ? { ...line, quantity: wanted } : line)) };
  return cart.lines.length >= MOST_LINES ? cart : { ...cart, lines: [...cart.lines, { sku, quantity: wanted }] };
}

/** The cart without its order, which is no longer open: its goods are not set aside any more. @param {Cart} cart @returns {Cart} */
export function withoutOrder({ order: _, ...rest }) {
  return rest;
}

/** @param {Cart} cart */
export function pieces(cart) {
  return cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** Lower each line to what is left, as a refusal of the server names it. @param {Cart} cart @param {{sku: string, available: number}[]} shortages */
export function cutTo(cart, shortages) {
  return shortages.reduce((rest, short) => setQuantity(rest, short.sku, Math.min(quantityOf(rest, short.sku), short.available)), cart);
}

/** Give what a sale or an order holds back as a cart, lines of one product joined. @param {{lines: CartLine[]} & Extras} sale @returns {Cart} */
export function cartOf(sale) {
  /** @type {CartLine[]} */
  const lines = [];
  for (const { sku, quantity, ...more } of sale.lines) {
    const at = lines.findIndex((one) => one.sku === sku);
    const { discount = 0, ...extras } = extrasOf(more);
    const before = lines[at] ?? { quantity: 0 };
    const off = (before.discount ?? 0) + discount;
    const line = { ...before, sku, quantity: before.quantity + quantity, ...extras, ...(off ? { discount: off } : {}) };
    lines.splice(at < 0 ? lines.length : at, 1, line);
  }
  return { lines, ...extrasOf(sale) };
}

/** Put back what a step took out, beside what came in since. @param {Cart} before @param {Cart} now @returns {Cart} */
export function undone(before, now) {
  return { ...before, ...now, lines: [...before.lines.filter(({ sku }) => !quantityOf(now, sku)), ...now.lines] };
}

/** The cart with rupiah where it has percentages, as a sale and an order name them. @param {Cart} cart @param {ReadonlyMap<string, Product>} products @returns {Cart} */
export function fixed(cart, products) {
  let subtotal = 0;
  const lines = cart.lines.map((line) => {
    const gross = (products.get(line.sku)?.price ?? 0) * line.quantity;
    const off = offOf(line, gross);
    subtotal += gross - off;
    return withOff(line, off);
  });
  return withOff({ ...cart, lines }, offOf(cart, subtotal));
}

/** @template {Extras} T @param {T} of @param {number} discount @returns {any} */
function withOff({ bp: _, discount: __, reason, ...rest }, discount) {
  return discount ? { ...rest, discount, reason } : rest;
}

/**
 * The lines as they are shown. A product that is no longer sold keeps its line with price 0 and `left` 0, so that it is seen.
 * @param {Cart} cart @param {ReadonlyMap<string, Product>} products @param {string} locale @returns {LineView[]}
 */
export function lineViews(cart, products, locale) {
  return cart.lines.map((line) => {
    const { sku, quantity, reason = "", note = "" } = line;
    const product = products.get(sku);
    const unit = product?.price ?? 0;
    const off = offOf(line, unit * quantity);
    return {
      sku,
      name: product ? nameOf(product, locale) : sku,
      quantity,
      unitPrice: unit,
      discount: off,
      reason,
      note,
      total: unit * quantity - off,
      left: product ? product.available + (cart.order?.held[sku] ?? 0) : 0,
    };
  });
}

/** @param {Product} product @param {string} locale */
export function nameOf(product, locale) {
  return (locale === "en" && product.name_en) || product.name;
}
