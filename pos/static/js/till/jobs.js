// @ts-check
/** Things above the till that need a person: receipts nobody can vouch for, sales that still wait, a lost server. */
import { ask, sentence } from "../lib/api.js";
import { button, byId, fill, h, icon } from "../lib/dom.js";
import { rupiah } from "../lib/money.js";
import { uuid7 } from "../lib/uuid7.js";
import { clock } from "../lib/time.js";
import { t } from "../lib/i18n.js";
import { tell, trying } from "./toast.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {{refresh: () => Promise<unknown>, showQris: (sale: any) => void}} act */
export function noticesView(app, act) {
  const { store } = app;
  const place = byId("notices");
  const kinds = { drawer: t("The drawer may not have opened."), z: t("The Z report may or may not have been printed.") };

  store.watch(["jobs", "waiting", "late", "calls", "online", "user", "status", "shift", "pending", "refusal"], ({ jobs, waiting, late, calls, online, away, user, status, shift, pending, refusal }) => {
    const parts = [];
    if (!online) parts.push(note("danger", `${away || t("The server does not answer.")} ${t("The cart is safe; the till keeps trying.")}`));
    if (pending && !user) parts.push(note("warn", t("A sale is not finished. Sign in again: it goes on by itself and is not sold twice.")));
    // Closed or counted at another screen: the panel that would say so is not on this one.
    if (user && refusal && (!shift || shift.counted)) parts.push(note("warn", `${refusal.text} ${t("The cart is kept.")}`));
    if (user && status?.clock === "confirm") parts.push(note("warn", t("The clock of this machine looks wrong. A supervisor confirms date and time before the next sale.")));
    if (user && calls.length) parts.push(callPart(calls[0]));
    if (user && jobs.length) parts.push(jobPart(jobs[0], jobs.length));
    if (user && late.length) parts.push(latePart(late));
    if (user && waiting.length) parts.push(waitingPart(waiting));
    fill(place, parts);
  });

  /** @param {string} kind @param {string} text @param {...any} buttons */
  function note(kind, text, ...buttons) {
    return h("div", { class: `alert ${kind}` }, icon("alert"), h("p", null, text), buttons);
  }

  /** @param {{code: string, name: string}} call a kiosk that calls an officer */
  function callPart(call) {
    return note("warn", t("%(name)s (%(code)s) calls an officer.", call), button(t("I am going"), () => answer(call.code)));
  }

  /** @param {string} code */
  async function answer(code) {
    await trying(() => ask("POST", `/till/calls/${encodeURIComponent(code)}`, {}));
    await act.refresh();
  }

  /** @param {any} job @param {number} count */
  function jobPart(job, count) {
    const text = kinds[/** @type {"drawer"|"z"} */ (job.kind)] ?? t("%(what)s may or may not have been printed. Look at the printer.", { what: job.title || t("A receipt") });
    const more = count > 1 ? ` ${t("%(count)s more after this.", { count: count - 1 })}` : "";
    return note(
      "warn",
      (job.kind === "receipt" ? `${t("The sale is saved.")} ` : "") + text + more,
      button(job.kind === "drawer" ? t("Open it again") : t("Print again"), () => settle(job, "retry", { id: uuid7() }), { kind: "" }),
      button(job.kind === "drawer" ? t("It opened") : t("It came out"), () => settle(job, "resolve", { outcome: "printed" }), { kind: "" }),
    );
  }

  /** @param {any} job @param {string} verb @param {any} body */
  async function settle(job, verb, body) {
    await trying(async () => {
      const answer = await ask("POST", `/api/v1/print-jobs/${job.id}/${verb}`, verb === "retry" ? {} : body);
      if (!answer.ok) tell(sentence(answer, t("That did not work.")));
    });
    await act.refresh();
  }

  /** @param {any[]} late */
  function latePart(late) {
    const [first] = late;
    const more = late.length > 1 ? ` ${t("%(count)s more after this.", { count: late.length - 1 })}` : "";
    return note("warn", t("%(amount)s came by QRIS at %(time)s and belongs to no sale. A supervisor decides about it in the back office.", { amount: rupiah(first.paid_amount), time: clock(first.settled_at) }) + more);
  }

  /** @param {any[]} waiting */
  function waitingPart(waiting) {
    const buttons = waiting.slice(0, 4).map((sale) => button(rupiah(sale.qris?.amount ?? sale.total), () => act.showQris(sale), {}));
    return h("div", { class: "alert" }, icon("clock"), h("p", null, t("Awaiting payment")), buttons);
  }
}
