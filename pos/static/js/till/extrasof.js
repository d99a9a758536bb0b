// @ts-check
/** Discounts and notes of a cart. No DOM in here. */
import { offOf } from "../lib/pricing.js";
import { dotted } from "../lib/money.js";

/** @typedef {import("./cart.js").Cart} Cart */
/** @typedef {import("./cart.js").Extras} Extras */
/** @typedef {import("./cart.js").LineView} LineView */
/** @typedef {{name: string, percent_bp: number|null, amount: number|null, approved: boolean}} Preset */

export const LONGEST_NOTE = 200;

/**
 * The cart with another discount or note on a line, or on the whole (no SKU). The order it came from knows nothing of it.
 * @param {Cart} cart @param {string} sku @param {Extras} part undefined values take something off
 * @returns {Cart}
 */
export function withExtras(cart, sku, part) {
  const changed = sku ? { ...cart, lines: cart.lines.map((line) => (line.sku === sku ? pruned({ ...line, ...part }) : line)) } : pruned({ ...cart, ...part });
  return changed.order ? { ...changed, order: { ...changed.order, stale: true } } : changed;
}

/** @template {object} T @param {T} of @returns {T} */
function pruned(of) {
  return /** @type {T} */ (Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined && value !== "")));
}

/** What a preset makes of a line or a cart. @param {Preset} preset @returns {Extras} */
export function ofPreset({ name, percent_bp, amount }) {
  return { bp: percent_bp ?? undefined, discount: percent_bp ? undefined : amount ?? undefined, reason: name };
}

/** No discount any more. */
export const NO_DISCOUNT = { bp: undefined, discount: undefined, reason: undefined };

/** "12,5 %" or "12.5%" @param {number} bp @param {string} locale */
export function percentWords(bp, locale) {
  const number = String(bp / 100);
  return locale === "id" ? `${number.replace(".", ",")} %` : `${number}%`;
}

/** "10 %" or "5.000" @param {Extras} off @param {string} locale */
export function offWords(off, locale) {
  return off.bp ? percentWords(off.bp, locale) : dotted(off.discount ?? 0);
}

/** What a discount is taken off: a line, or what all lines cost. @param {readonly LineView[]} views @param {string} sku */
export function grossOf(views, sku) {
  const line = views.find((view) => view.sku === sku);
  return line ? line.unitPrice * line.quantity : views.reduce((sum, view) => sum + view.total, 0);
}

/**
 * Would all that is given be more than the limit, with this discount here? Presets allowed in advance don't count.
 * @param {Cart} cart @param {readonly LineView[]} views @param {string} sku @param {Extras} off @param {readonly Preset[]} presets @param {number} percent
 */
export function overLimit(cart, views, sku, off, presets, percent) {
  const free = (/** @type {string|undefined} */ reason) => presets.some((one) => one.approved && one.name === reason);
  let gross = 0;
  let subtotal = 0;
  let given = 0;
  for (const view of views) {
    const whole = view.unitPrice * view.quantity;
    const now = view.sku === sku ? offOf(off, whole) : view.discount;
    gross += whole;
    subtotal += whole - now;
    if (!free(view.sku === sku ? off.reason : view.reason)) given += now;
  }
  const all = sku ? cart : off;
  if (!free(all.reason)) given += offOf(all, subtotal);
  return given * 100 > gross * percent;
}
