// @ts-check
/** Approval by another person: the window that asks for it is fetched when it is needed, or while the till stands still. */
import { later } from "./toast.js";

/** @typedef {import("../lib/api.js").Answer} Answer */
/** @typedef {import("./approval.js").Approval} Approval */
/** @typedef {{people: {name: string, role: string}[], me: string}} Who */

export const loadApproval = later(() => import("./approval.js"));

/** @param {Answer} answer */
export function needsApproval(answer) {
  return answer.status === 403 && (answer.body?.code === "approval_needed" || answer.body?.code === "approval_wrong");
}

/**
 * Send a request; when it needs approval, ask for it and send the same request again with it.
 * @param {Who} who
 * @param {{title: string, amount?: string}} what
 * @param {(approval: Approval|null) => Promise<Answer>} send
 * @returns {Promise<Answer|null>} null when the window was closed
 */
export async function withApproval(who, what, send) {
  const answer = await send(null);
  return needsApproval(answer) ? askApproval(who, what, send, answer) : answer;
}

/**
 * @param {Who} who
 * @param {{title: string, amount?: string}} what
 * @param {(approval: Approval) => Promise<Answer>} send
 * @param {Answer} refused
 * @returns {Promise<Answer|null>}
 */
export async function askApproval(who, what, send, refused) {
  const part = await loadApproval();
  return part ? part.askApproval(who, what, send, refused) : null;
}
