// @ts-check
/**
 * Where a visitor stands at the kiosk, and what may come next. Every function takes a state and gives the next one; what is asked of
 * the server is in the state before it is asked, with its id, so that a reload asks the same again. No DOM in here.
 */
import { cartFrom, emptyCart, setQuantity } from "../till/cart.js";
import { needsPerson, phaseOf } from "../till/qrisstate.js";
import { outcomeOf } from "../till/sale.js";

/** @typedef {"start"|"choose"|"review"|"asking"|"qris"|"over"|"slip"|"thanks"} Screen */
/** @typedef {{kind: "sale"|"order", body: any}} Pending */
/** @typedef {{why: "price"|"stock"|"expired"|"code"|"other", text: string, lines: {sku: string, available: number}[]}} Refusal */
/** @typedef {{screen: Screen, cart: import("../till/cart.js").Cart, pending: Pending|null, sale: any, order: any, refusal: Refusal|null}} State */

const SCREENS = ["start", "choose", "review", "asking", "qris", "over", "slip", "thanks"];

/** Words of a printer from which nothing comes out now. */
const SILENT = ["none", "away", "paper_out", "cover_open", "error", "offline"];

/** @param {string} printer what it says of itself */
export const printsNothing = (printer) => SILENT.includes(printer);

/** @returns {State} */
export function fresh() {
  return { screen: "start", cart: emptyCart(), pending: null, sale: null, order: null, refusal: null };
}

/** What was kept before a reload; anything that does not hold together begins anew. @param {any} kept @returns {State} */
export function restored(kept) {
  if (!kept || !SCREENS.includes(kept.screen)) return fresh();
  const cart = cartFrom(kept.cart);
  const pending = typeof kept.pending?.body?.id === "string" && ["sale", "order"].includes(kept.pending.kind) ? kept.pending : null;
  const state = { ...fresh(), screen: kept.screen, cart, pending, sale: kept.sale ?? null, order: kept.order ?? null };
  if (pending) return { ...state, screen: "asking" };
  const needs = { qris: state.sale, over: state.sale, thanks: state.sale, slip: state.order, asking: null, review: cart.lines.length || null };
  return state.screen in needs && !needs[/** @type {keyof typeof needs} */ (state.screen)] ? fresh() : state;
}

/** @param {State} state @returns {State} */
export function begin(state) {
  return state.screen === "start" ? { ...fresh(), screen: "choose" } : state;
}

/** Goods can be changed only before they are paid or held. @param {State} state @param {string} sku @param {number} quantity @returns {State} */
export function put(state, sku, quantity) {
  if (state.screen !== "choose" && state.screen !== "review") return state;
  const cart = setQuantity(state.cart, sku, quantity);
  return { ...state, cart, refusal: null, screen: cart.lines.length ? state.screen : "choose" };
}

/** @param {State} state @param {"choose"|"review"} screen @returns {State} */
export function turnTo(state, screen) {
  const free = state.screen === "choose" || state.screen === "review";
  return free && (screen === "choose" || state.cart.lines.length) ? { ...state, screen, refusal: null } : state;
}

/** @param {State} state @param {string} id @param {string} register @param {number} total what the screen showed @returns {State} */
export function payByQris(state, id, register, total) {
  if (state.screen !== "review") return state;
  return asking(state, { kind: "sale", body: { id, register, lines: linesOf(state), tenders: [{ method: "qris" }], total } });
}

/** @param {State} state @param {string} id @param {string} register @returns {State} */
export function takeSlip(state, id, register) {
  const free = state.screen === "review" || (state.screen === "over" && !needsPerson(phaseOf(state.sale)));
  return free ? asking(state, { kind: "order", body: { id, register, kind: "slip", lines: linesOf(state) } }) : state;
}

/** @param {State} state */
function linesOf(state) {
  return state.cart.lines.map(({ sku, quantity }) => ({ sku, quantity }));
}

/** @param {State} state @param {Pending} pending @returns {State} */
function asking(state, pending) {
  return { ...state, pending, screen: "asking", refusal: null, sale: null, order: null };
}

/** Does this answer say what became of what was asked? A silence or a crash does not. @param {State} state @param {{status: number, body: any}} answer */
export function saysEnough(state, answer) {
  if (state.pending?.kind !== "order") return outcomeOf(answer) !== "unanswered";
  return answer.status < 300 ? typeof answer.body?.status === "string" : answer.status < 500;
}

/** @param {State} state @param {{status: number, body: any}} answer @param {string} text the server's sentence @returns {State} */
export function answered(state, answer, text) {
  const { pending } = state;
  if (!pending || !saysEnough(state, answer)) return state;
  const { body } = answer;
  if (answer.status < 300) return pending.kind === "sale" ? seen(state, body) : held(state, body);
  const outcome = outcomeOf(answer);
  const why = outcome === "price" || outcome === "code" ? outcome : outcome !== "stock" ? "other" : body.code === "lot_expired" ? "expired" : "stock";
  return { ...state, pending: null, screen: "review", refusal: { why, text, lines: body?.lines ?? [] } };
}

/** @param {State} state @param {any} order @returns {State} */
function held(state, order) {
  return { ...state, pending: null, order, sale: null, screen: "slip" };
}

/** The server told how the sale stands. Paid is shown here and nowhere else. @param {State} state @param {any} sale @returns {State} */
export function seen(state, sale) {
  const ours = sale?.id === (state.pending?.body.id ?? state.sale?.id);
  if (!ours || !["asking", "qris", "over"].includes(state.screen)) return state;
  const phase = phaseOf(sale);
  const screen = phase === "paid" ? "thanks" : phase === "waiting" || phase === "making" ? "qris" : "over";
  return { ...state, pending: null, sale, screen };
}

/** The server told how the slip stands: once a till has used it up or its time is over, it is not shown any more. @param {State} state @param {any} order @returns {State} */
export function seenOrder(state, order) {
  if (state.screen !== "slip" || order?.id !== state.order?.id) return state;
  return order.status === "open" ? { ...state, order } : fresh();
}

/** Back to the cart, once nothing waits any more. @param {State} state @returns {State} */
export function changeOrder(state) {
  const free = state.screen === "slip" || (state.screen === "over" && !needsPerson(phaseOf(state.sale)));
  return free && state.cart.lines.length ? { ...state, screen: "review", sale: null, order: null, pending: null, refusal: null } : state;
}

/** Is there something that a visitor's absence must not end? @param {State} state */
export function mustStay(state) {
  return state.screen === "asking" || state.screen === "qris" || (state.screen === "over" && needsPerson(phaseOf(state.sale)));
}

/** @param {State} state @returns {State} */
export function leave(state) {
  return state.screen === "asking" || state.screen === "qris" ? state : fresh();
}
