// @ts-check
/** The two good ends: a slip with its number to pay at the counter, and the thanks for what is paid. */
import { button, fill, h, icon, say } from "../lib/dom.js";
import { rupiah } from "../lib/money.js";
import { clock, minutes, now } from "../lib/time.js";
import { t } from "../lib/i18n.js";
import { changeOrder, leave, printsNothing } from "./machine.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {import("./server.js").Server} server */
export function slipScreen(app, server) {
  const { store } = app;
  const number = h("p", { class: "big-number amount" });
  const total = h("p", { class: "pay-amount amount" });
  const until = h("p", { class: "pay-left", role: "timer" });
  const paper = h("p", { class: "pay-state" });
  const said = h("p", { class: "kiosk-note", role: "alert" });
  const code = h("div", { class: "kiosk-qr small-qr" });
  const done = button("", () => app.go(leave(store.get().at)), { kind: "primary huge", "data-say": "finish" });
  const change = button(t("Change the order"), drop, { kind: "huge", "data-say": "change-order" });
  const element = h(
    "section",
    { class: "screen slip" },
    h("div", { class: "pay-code" }, h("p", { class: "number-label" }, t("Your number")), number, code),
    h("div", { class: "pay-words" }, h("h1", { tabindex: "-1" }, t("Pay at the counter")), total, until, paper, said, h("div", { class: "foot-buttons" }, change, done)),
  );

  async function drop() {
    change.disabled = true;
    const free = await server.dropSlip();
    change.disabled = false;
    if (free) return app.go(changeOrder(store.get().at));
    say(said, t("That did not work. Please try again or call an officer."));
  }

  return {
    element,
    /** @param {number} [left] ms until the next visitor */
    draw(left) {
      const { at, printer } = store.get();
      const { order } = at;
      say(number, String(order.number));
      say(total, rupiah(order.total));
      say(until, t("Set aside until %(time)s (%(left)s left)", { time: clock(order.expires_at), left: minutes(Date.parse(order.expires_at) - now()) }));
      say(paper, printsNothing(printer) ? t("No paper comes out here. Keep the number in mind or take a picture of this screen, and tell it at the counter.") : t("Take the slip and give it at the counter."));
      if (!code.firstChild) fill(code, h("img", { src: `/kiosk/orders/${order.id}.svg`, alt: t("Code of the slip") }));
      finishWords(done, left);
    },
  };
}

/** @param {App} app */
export function thanksScreen(app) {
  const { store, boot } = app;
  const number = h("p", { class: "big-number long amount" });
  const paid = h("p", { class: "pay-amount amount" });
  const paper = h("p", { class: "pay-state" });
  const code = h("div", { class: "kiosk-qr small-qr" });
  const done = button("", () => app.go(leave(store.get().at)), { kind: "primary huge", "data-say": "finish" });
  const scan = h("p", { class: "soft" }, t("Scan for the receipt on your phone"));
  const mark = h("div", { class: "paid-mark", "aria-hidden": "true" }, icon("check"));
  const element = h(
    "section",
    { class: "screen thanks" },
    h("div", { class: "pay-code" }, mark, h("p", { class: "number-label" }, t("Your number")), number, code, scan),
    h("div", { class: "pay-words" }, h("h1", { tabindex: "-1" }, t("Thank you")), paid, h("p", { class: "pay-state strong-words" }, t("Show this number to an officer and take your goods.")), paper, h("div", { class: "foot-buttons" }, done)),
  );
  code.hidden = scan.hidden = !boot.receipts;
  mark.hidden = boot.receipts;
  return {
    element,
    /** @param {number} [left] ms until the next visitor */
    draw(left) {
      const { at, printer } = store.get();
      const { sale } = at;
      say(number, sale.number ?? "");
      say(paid, t("Paid %(total)s", { total: rupiah(sale.total) }));
      say(paper, !printsNothing(printer) ? t("The receipt is being printed.") : boot.receipts ? "" : t("No paper comes out here. Ask an officer for the receipt."));
      if (boot.receipts && !code.firstChild) fill(code, h("img", { src: `/kiosk/receipts/${sale.id}.svg`, alt: t("Code of the digital receipt") }));
      finishWords(done, left);
    },
  };
}

/** @param {Element} done @param {number} [left] */
function finishWords(done, left) {
  if (left === undefined && done.textContent) return;
  const seconds = left === undefined ? "" : ` (${Math.ceil(left / 1000)})`;
  done.setAttribute("aria-label", t("Finish"));
  say(done, `${t("Finish")}${seconds}`);
}
