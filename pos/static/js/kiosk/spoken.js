// @ts-check
/** What is said at each step, as names of files and numbers (numbers.js). No DOM in here. */
import { byHand, phaseOf } from "../till/qrisstate.js";
import { now } from "../lib/time.js";
import { printsNothing } from "./machine.js";

/** @typedef {import("./machine.js").State} State */
/** @typedef {{total: number, printer: string, receipts: boolean}} Around */

/** What must change for a step to be said again. @param {State} at */
export function stepOf({ screen, sale, refusal }) {
  return [screen, screen === "qris" && Boolean(sale?.qris?.payload), screen === "over" && phaseOf(sale), refusal?.why ?? ""].join();
}

/** @param {number} n a price or a sum */
export const money = (n) => `${n} rupiah`;

/** @param {State} at */
const pieces = (at) => at.cart.lines.reduce((all, line) => all + line.quantity, 0);

/** Whole minutes until an instant, one at least. @param {string} until */
const minutes = (until) => Math.max(1, Math.round((Date.parse(until) - now()) / 60_000));

/** What has been chosen so far. @param {State} at @param {number} total */
export function cartWords(at, total) {
  const count = pieces(at);
  return count ? `${count} items total ${money(total)}` : "nothing";
}

/** What the visitor should know now. @param {State} at @param {Around} around @returns {string} */
export function stepWords(at, around) {
  const { screen, sale, order, refusal } = at;
  const words = {
    start: () => "start",
    choose: () => (pieces(at) ? cartWords(at, around.total) : "choose"),
    review: () => `${refusal ? refusedWords(refusal.why) : "review"} ${cartWords(at, around.total)} ways`,
    asking: () => "asking",
    qris: () => qrisWords(sale),
    over: () => overWords(phaseOf(sale)),
    slip: () => `your-number ${order.number} total ${money(order.total)} ${printsNothing(around.printer) ? "slip-number" : "slip-paper"} kept-for ${minutes(order.expires_at)} minutes`,
    thanks: () => `thanks ${money(sale.total)} your-number ${tailOf(sale.number)} collect ${receiptWords(around)}`,
  };
  return words[screen]();
}

/** The part of a receipt's number that changes: K2-000017 is said as 17. @param {string|null} number */
function tailOf(number) {
  return Number(/\d+$/.exec(number ?? "")?.[0] ?? 0);
}

/** @param {Around} around */
function receiptWords({ printer, receipts }) {
  if (!printsNothing(printer)) return "receipt-prints";
  return receipts ? "receipt-phone" : "receipt-ask";
}

/** @param {any} sale */
function qrisWords(sale) {
  if (!sale.qris?.payload) return "asking";
  const left = byHand(sale) ? "" : `time-left ${minutes(sale.qris.expires_at)} minutes`;
  return `qris ${money(sale.qris.amount ?? sale.total)} ${byHand(sale) ? "qris-show" : "qris-goes-on"} ${left}`;
}

/** @param {import("../till/qrisstate.js").Phase} phase */
function overWords(phase) {
  if (phase === "amount" || phase === "late") return "over-person";
  return { expired: "over-expired", nocode: "over-nocode", failed: "over-failed" }[/** @type {string} */ (phase)] ?? "over-cancelled";
}

/** @param {import("./machine.js").Refusal["why"]} why */
function refusedWords(why) {
  return why === "code" ? "over-nocode" : `refused-${why}`;
}
