// @ts-check
/** What can still be done with a sale: print a copy, take it back whole, take goods back. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { rupiah } from "../lib/money.js";
import { uuid7 } from "../lib/uuid7.js";
import { t } from "../lib/i18n.js";
import { withApproval } from "./approve.js";
import { tell, toast, trying } from "./toast.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {any} sale */
export async function reprint(app, sale) {
  const id = uuid7();
  await trying(async () => {
    const answer = await ask("POST", `/api/v1/sales/${sale.id}/reprint`, { id, register: app.boot.register.code });
    if (answer.ok) toast(t("A copy is being printed."));
    else tell(sentence(answer, t("That did not work.")));
  });
}

/** The receipt waits for its printer: have it asked at once. */
export async function printAgain() {
  await trying(async () => {
    const answer = await ask("POST", "/till/print-again", {});
    if (answer.ok) toast(answer.body.waiting ? t("The printer is asked again.") : t("Nothing waits for the printer."));
    else tell(sentence(answer, t("That did not work.")));
  });
}

/**
 * Void or refund: posts the body (its id made once by the caller), with approval when it needs one.
 * @param {App} app @param {any} sale @param {"void"|"refunds"} verb @param {any} body @param {number} amount
 * @returns {Promise<{ok: boolean, text: string, body?: any}|null>} null when the approval was given up
 */
export async function takeBack(app, sale, verb, body, amount) {
  const title = verb === "void" ? t("Void receipt %(number)s", { number: sale.number }) : t("Refund of %(number)s", { number: sale.number });
  const who = { people: app.boot.people, me: app.store.get().user?.name };
  try {
    const answer = await withApproval(who, { title, amount: rupiah(amount) }, (approval) =>
      ask("POST", `/api/v1/sales/${sale.id}/${verb}`, approval ? { ...body, approval } : body),
    );
    return answer && { ok: answer.ok, text: sentence(answer, t("That did not work.")), body: answer.body };
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return { ok: false, text: t("The server does not answer. Try again; it is not done twice.") };
  }
}
