// @ts-check
/** Opening the shift: how much money is in the drawer to begin with. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, fill, h, say } from "../lib/dom.js";
import { amountPad } from "../lib/keypad.js";
import { t } from "../lib/i18n.js";
import { nowInWords } from "../lib/time.js";
import { uuid7 } from "../lib/uuid7.js";
import { confirmClock } from "./clock.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {HTMLElement} root @param {() => Promise<unknown>} onOpened */
export function openShiftView(app, root, onOpened) {
  // One id until the shift is open: a tap that was not answered is asked again, not opened twice.
  let id = uuid7();
  let sent = "";
  let busy = false;
  const message = h("p", { class: "form-message", role: "alert" });
  const pad = amountPad({
    id: "float",
    label: t("Float"),
    notes: [10_000, 50_000, 100_000],
    hint: t("Count the money in the drawer. Type 0 when it is empty."),
    onChange: () => (message.textContent = ""),
    onEnter: open,
  });
  // The date is shown large enough to be noticed when the machine's clock is wrong.
  const today = h("p", { class: "open-date" });
  const go = button(t("Open the till"), open, { kind: "money big wide" });
  fill(
    root,
    h(
      "div",
      { class: "open-card card" },
      h("div", { class: "open-words" }, h("h1", null, t("A new shift")), h("p", { class: "soft" }, `${app.boot.outlet} · ${app.boot.register.name}`), today, message, go),
      pad.element,
    ),
  );

  async function open() {
    const amount = pad.get();
    if (amount === null) {
      message.textContent = t("Type the float; 0 when the drawer is empty.");
      return pad.input.focus();
    }
    if (busy) return;
    busy = true;
    go.disabled = true;
    if (sent !== String(amount)) id = uuid7();
    sent = String(amount);
    try {
      const answer = await ask("POST", "/api/v1/shifts", { id, register: app.boot.register.code, float: amount });
      if (answer.ok || answer.body?.code === "shift_already_open") {
        pad.set(null);
        message.textContent = "";
        await onOpened();
      } else if (answer.body?.code === "clock_unconfirmed") {
        if (await confirmClock(app, answer)) setTimeout(open);
      } else {
        message.textContent = sentence(answer, t("The shift was not opened."));
      }
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      message.textContent = t("The server does not answer. Try again.");
    } finally {
      busy = false;
      go.disabled = false;
    }
  }

  return {
    focus() {
      say(today, nowInWords(app.boot.locale));
      pad.input.focus();
    },
  };
}
