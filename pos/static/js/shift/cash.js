// @ts-check
/** Cash in, cash out, and the drawer opened without a sale; each with its reason. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, byId, fill, h, icon } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { amountPad } from "../lib/keypad.js";
import { rupiah } from "../lib/money.js";
import { t } from "../lib/i18n.js";
import { uuid7 } from "../lib/uuid7.js";
import { withApproval } from "../till/approve.js";
import { reasonField } from "../till/refund.js";

/** @typedef {import("./close.js").Page} Page */

/** @param {Page} page */
export function cashView(page) {
  fill(
    byId("cash"),
    h("h2", null, t("Cash in and out")),
    h(
      "div",
      { class: "buttons" },
      button([icon("plus"), t("Pay in")], () => form("in"), {}),
      button([icon("minus"), t("Pay out")], () => form("out"), {}),
      button([icon("drawer"), t("Open the drawer")], () => form("drawer"), {}),
    ),
  );

  /** @param {"in"|"out"|"drawer"} kind */
  function form(kind) {
    const title = { in: t("Pay in"), out: t("Pay out"), drawer: t("Open the drawer") }[kind];
    const usual = { in: [t("Small change"), t("Correction")], out: [t("Deposit"), t("Small purchase")], drawer: [t("Change money"), t("Check the drawer")] }[kind];
    const pad = kind === "drawer" ? null : amountPad({ id: "cash-amount", label: t("Amount of money"), notes: [10_000, 50_000, 100_000] });
    const reason = reasonField(usual);
    const message = h("p", { class: "form-message", role: "alert" });
    const go = button(title, send, { kind: "primary big wide" });
    const { close } = openDialog({ title, kind: pad ? "cash" : "form", body: [pad?.element, h("div", { class: "stack" }, reason.element, message, go)].filter(Boolean) });
    pad?.input.focus();
    let id = uuid7();
    let sent = "";

    async function send() {
      const amount = pad?.get() ?? 0;
      const why = reason.get();
      if (pad && !amount) return void (message.textContent = t("Type the amount."));
      if (!why) {
        message.textContent = t("Say why.");
        return reason.focus();
      }
      const body = kind === "drawer" ? { reason: why } : { direction: kind, amount, reason: why };
      if (sent !== JSON.stringify(body)) id = uuid7();
      sent = JSON.stringify(body);
      go.disabled = true;
      message.textContent = "";
      try {
        const path = `/api/v1/shifts/${page.shift}/${kind === "drawer" ? "drawer" : "cash"}`;
        const answer = await withApproval(page, { title, amount: amount ? rupiah(amount) : undefined }, (approval) =>
          ask("POST", path, { id, ...body, ...(approval && { approval }) }),
        );
        if (answer?.status === 401) return window.location.assign("/");
        if (answer && !answer.ok) message.textContent = sentence(answer, t("That did not work."));
        if (answer?.ok) {
          close();
          window.location.reload();
        }
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        message.textContent = t("The server does not answer. Try again; it is not done twice.");
      } finally {
        go.disabled = false;
      }
    }
  }
}
