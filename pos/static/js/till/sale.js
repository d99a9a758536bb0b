// @ts-check
/**
 * One sale on its way to the server. Its id is made once and kept before anything is sent; every try carries the same id and the
 * same body, so however often the till asks, the customer pays once. No DOM in here.
 */

/** @typedef {{method: "cash", amount: number} | {method: "qris", amount?: number}} Tender */
/** @typedef {{id: string, register: string, lines: import("./cart.js").CartLine[], tenders: Tender[], total: number, order?: string, discount?: number, reason?: string, note?: string}} SaleBody */
/** @typedef {"done"|"waiting"|"approval"|"sign_in"|"price"|"stock"|"shift"|"clock"|"code"|"refused"|"unanswered"} Outcome */

/**
 * @param {string} id @param {string} register @param {import("./cart.js").Cart} cart its percentages are rupiah already
 * @param {Tender[]} tenders @param {number} total what the screen showed
 * @returns {SaleBody}
 */
export function saleBody(id, register, cart, tenders, total) {
  return { id, register, ...asked(cart), tenders, total };
}

/** The cart as the server reads it; its percentages are rupiah already. @param {import("./cart.js").Cart} cart */
export function asked({ lines, order, ...more }) {
  return { lines: lines.map(({ sku, quantity, ...rest }) => ({ sku, quantity, ...told(rest) })), ...told(more), ...(order ? { order: order.id } : {}) };
}

/** @param {import("./cart.js").Extras} extras */
function told({ discount, reason, note }) {
  return { ...(discount ? { discount, reason } : {}), ...(note ? { note } : {}) };
}

/** Is what was kept a sale that can be asked again? @param {any} kept @returns {SaleBody|null} */
export function pendingFrom(kept) {
  const body = kept?.body;
  return typeof body?.id === "string" && Array.isArray(body.lines) && Array.isArray(body.tenders) ? body : null;
}

/** States of a sale that a payment is or was waited for. */
const WAITED = ["awaiting_payment", "cancelled", "expired"];

/** What an answer means for the sale. @param {{status: number, body: any}} answer @returns {Outcome} */
export function outcomeOf({ status, body }) {
  const code = body?.code;
  if (status === 200 || status === 201 || status === 202) {
    // A sale that was asked for again may have ended meanwhile without being paid: its screen says how.
    if (WAITED.includes(body?.status)) return "waiting";
    return typeof body?.status === "string" ? "done" : "unanswered";
  }
  if (status === 401) return "sign_in";
  if (code === "approval_needed" || code === "approval_wrong") return "approval";
  if (code === "price_changed") return "price";
  if (code === "insufficient_stock" || code === "lot_expired") return "stock";
  if (code === "shift_not_open" || code === "shift_closed" || code === "count_fixed") return "shift";
  if (code === "clock_unconfirmed") return "clock";
  // An answer that is a problem of ours with a code was made before anything was written; the rest may hide a commit.
  if (status >= 500) return code === "provider_unavailable" ? "code" : "unanswered";
  return "refused";
}

/** How long to wait before try number `tries` of asking again, in ms. @param {number} tries */
export function pause(tries) {
  return Math.min(2000, 500 * 2 ** Math.min(tries, 2));
}
