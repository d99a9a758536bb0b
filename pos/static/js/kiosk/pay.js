// @ts-check
/** The payment: it is being asked for, its code is shown, or it ended without the goods being paid. */
import { button, fill, h, icon, say } from "../lib/dom.js";
import { sureButton } from "../lib/dialog.js";
import { rupiah } from "../lib/money.js";
import { minutes, now } from "../lib/time.js";
import { uuid7 } from "../lib/uuid7.js";
import { t } from "../lib/i18n.js";
import { byHand, needsPerson, phaseOf } from "../till/qrisstate.js";
import { changeOrder, leave, takeSlip } from "./machine.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./server.js").Server} Server */

/** @param {App} app */
export function askingScreen(app) {
  const { store } = app;
  const words = h("p", { class: "pay-state", role: "status" });
  const element = h("section", { class: "screen asking" }, h("div", { class: "spinner", "aria-hidden": "true" }), h("h1", { tabindex: "-1" }, t("One moment…")), words);
  return {
    element,
    draw: () => say(words, store.get().silent ? t("The kiosk does not reach its server. Please wait or call an officer: nothing is paid twice.") : ""),
  };
}

/** @param {App} app @param {Server} server */
export function qrisScreen(app, server) {
  const { store } = app;
  const picture = h("div", { class: "kiosk-qr" });
  const payee = h("p", { class: "pay-payee" });
  const trial = h("p", { class: "pay-trial" }, t("TRIAL, not real money"));
  const amount = h("p", { class: "pay-amount amount" });
  const left = h("p", { class: "pay-left", role: "timer" });
  const state = h("p", { class: "pay-state", role: "status" });
  const said = h("p", { class: "kiosk-note", role: "alert" });
  const cancel = sureButton(t("Change the order"), t("Really cancel the payment?"), drop, { kind: "huge", "data-say": "change-order" });
  const element = h(
    "section",
    { class: "screen qris" },
    h("div", { class: "pay-code" }, picture, payee),
    h("div", { class: "pay-words" }, h("h1", { tabindex: "-1" }, t("Scan and pay")), trial, amount, left, state, said, h("div", { class: "foot-buttons" }, cancel)),
  );
  let shown = "";
  let busy = false;

  async function drop() {
    if (busy) return;
    busy = cancel.disabled = true;
    say(said, t("Asking whether money came…"));
    const wrong = await server.cancel();
    busy = cancel.disabled = false;
    say(said, !wrong ? "" : wrong === "?" ? t("The kiosk does not reach its server. Your money is safe; the kiosk keeps asking.") : wrong);
    const { at } = store.get();
    // Given up on purpose: straight back to what was chosen.
    if (at.screen === "over" && phaseOf(at.sale) === "cancelled") app.go(changeOrder(at));
  }

  function draw() {
    const { sale } = store.get().at;
    const code = sale.qris?.payload ?? "";
    if (shown !== code || !picture.firstChild) {
      shown = code;
      fill(picture, code ? h("img", { src: `/till/qr/${sale.id}.svg`, alt: t("QRIS code") }) : h("div", { class: "spinner", "aria-hidden": "true" }));
    }
    say(payee, sale.qris?.merchant?.name ?? "");
    trial.hidden = !sale.qris?.sandbox;
    say(amount, rupiah(sale.qris?.amount ?? sale.total));
    say(left, code ? t("Time left %(time)s", { time: minutes(Date.parse(sale.qris.expires_at) - now()) }) : "");
    say(state, stateWords(sale, store.get().online));
  }

  return { element, draw };
}

/** @param {any} sale @param {boolean} online */
function stateWords(sale, online) {
  if (!online) return t("The kiosk does not reach its server. Your money is safe; the kiosk keeps asking.");
  if (!sale.qris?.payload) return t("The code is being made…");
  if (sale.qris.trouble) return t("The bank does not answer yet. If you have paid, stay here: your money is safe.");
  if (byHand(sale)) return t("Open your bank or wallet app, scan and pay. Then show your phone to an officer.");
  return t("Open your bank or wallet app, scan and pay. This screen goes on by itself. The goods are set aside until then.");
}

/** @param {App} app @param {Server} server */
export function overScreen(app, server) {
  const { store, boot } = app;
  const title = h("h1", { tabindex: "-1" });
  const words = h("p", { class: "pay-state", role: "status" });
  const buttons = h("div", { class: "foot-buttons" });
  const element = h("section", { class: "screen over" }, h("div", { class: "mark", "aria-hidden": "true" }, icon("alert")), title, words, buttons);
  let drawn = "";

  function slip() {
    app.go(takeSlip(store.get().at, uuid7(), boot.register.code));
    server.settle();
  }

  function draw() {
    const { sale } = store.get().at;
    const phase = phaseOf(sale);
    say(title, needsPerson(phase) ? t("Please wait for an officer") : phase === "expired" ? t("The time is over") : t("Not paid"));
    say(words, overWords(sale, phase));
    if (drawn === phase) return;
    drawn = phase;
    const end = button(t("Finish"), () => app.go(leave(store.get().at)), { kind: "huge", "data-say": "finish" });
    const again = button(t("Try again"), () => app.go(changeOrder(store.get().at)), { kind: "primary huge", "data-say": "try-again" });
    const counter = button(t("Pay at the counter"), slip, { kind: "huge strong", "data-say": "pay-counter" });
    if (needsPerson(phase) && store.get().officer === "no") server.call(true);
    fill(buttons, needsPerson(phase) ? sureButton(t("Finish"), t("Really finish?"), () => app.go(leave(store.get().at)), { kind: "huge", "data-say": "finish" }) : [end, counter, again]);
  }

  return { element, draw };
}

/** @param {any} sale @param {import("../till/qrisstate.js").Phase} phase */
function overWords(sale, phase) {
  const came = rupiah(sale.qris?.paid_amount ?? 0);
  switch (phase) {
    case "amount":
      return t("You paid %(came)s, but %(asked)s was asked. Your money is kept. An officer is called.", { came, asked: rupiah(sale.qris?.amount ?? sale.total) });
    case "late":
      return t("%(came)s came, but after the time was over. Your money is kept. An officer is called.", { came });
    case "expired":
      return t("No money came. If you did pay, call an officer: it is found.");
    case "nocode":
      return t("QRIS does not work at this moment. Nothing was paid. Try again, or pay at the counter.");
    case "failed":
      return t("The bank says that this payment failed. No money came.");
    default:
      return t("The payment was cancelled. No money came.");
  }
}
