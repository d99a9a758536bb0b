// @ts-check
/** What staff do at a kiosk, behind a gesture and a PIN: confirm a payment by hand, or make the browser another register. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, fill, h } from "../lib/dom.js";
import { openDialog, sureButton } from "../lib/dialog.js";
import { pinPad } from "../lib/keypad.js";
import { rupiah } from "../lib/money.js";
import { t } from "../lib/i18n.js";
import { manualForm } from "../till/qrismanual.js";
import { seen } from "./machine.js";

/** Nobody of the staff did anything so long: they are signed out. */
const AWAY = 60_000;

/** @param {import("./app.js").App} app @param {import("./server.js").Server} server @param {() => void} onClose */
export function openStaff(app, server, onClose) {
  const { store, boot } = app;
  let chosen = "";
  const pad = pinPad({ onPin });
  const prompt = h("p", { class: "pay-state" });
  const people = boot.people.map(({ name }) => button(name, () => choose(name), { "aria-pressed": "false", "data-name": name }));
  const body = h("div", { class: "staff" }, h("div", { class: "staff-people", role: "group", "aria-label": t("Choose your name") }, people), h("div", null, prompt, pad.element));
  const { dialog, close } = openDialog({ title: t("For officers"), kind: "staff-window", body: [body], onClose: closed });
  let touchedAt = Date.now();
  const touched = () => void (touchedAt = Date.now());
  for (const kind of ["pointerdown", "keydown"]) dialog.addEventListener(kind, touched);
  const watching = setInterval(() => Date.now() - touchedAt > AWAY && close(), 1000);
  let typing = true;
  document.addEventListener("keydown", keyboard);
  choose("");

  /** @param {KeyboardEvent} event */
  function keyboard(event) {
    if (typing) pad.keyboard(event);
  }

  function closed() {
    clearInterval(watching);
    document.removeEventListener("keydown", keyboard);
    server.lock();
    onClose();
  }

  /** @param {string} name */
  function choose(name) {
    chosen = name;
    for (const one of people) one.setAttribute("aria-pressed", String(one.dataset.name === name));
    prompt.textContent = name ? t("PIN of %(name)s", { name }) : t("Choose your name");
    pad.clear();
  }

  /** @param {string} pin */
  async function onPin(pin) {
    if (!chosen) return pad.tell(t("Choose your name"));
    try {
      const answer = await ask("POST", "/till/sign-in", { user: chosen, pin });
      if (!answer.ok) return pad.tell(sentence(answer, t("The PIN is not right.")));
      // The window was closed while the answer was on its way.
      if (!dialog.open) return server.lock();
      menu();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      pad.tell(t("The server does not answer. Try again."));
    }
  }

  function menu() {
    typing = false;
    const { at, officer } = store.get();
    const { sale } = at;
    const waits = sale && (at.screen === "qris" || at.screen === "over") && sale.status !== "completed";
    const release = h("form", { method: "post", action: "/enrol/release", hidden: true });
    fill(
      body,
      waits && payment(sale),
      h(
        "div",
        { class: "staff-acts" },
        h("p", { class: "soft" }, t("Signed in: %(name)s", { name: chosen })),
        button(t("Back to the kiosk"), close, { kind: "primary big" }),
        officer !== "no" && button(t("The visitor is helped"), () => server.call(false).then(close), { kind: "big" }),
        h("a", { class: "button big", href: "/back-office/" }, t("Back office")),
        h("a", { class: "button big", href: "/screen" }, t("Screen and keyboard")),
        h("a", { class: "button big", href: "/help/kiosk" }, t("Help")),
        sureButton(t("Choose another register"), t("This screen stops being the kiosk. Really?"), () => release.submit(), { kind: "big danger" }),
        release,
      ),
    );
  }

  /** @param {any} sale */
  function payment(sale) {
    const form = manualForm(confirm);
    return h("div", { class: "staff-pay" }, h("h3", null, t("Confirm a QRIS payment by hand")), h("p", { class: "pay-amount amount" }, rupiah(sale.qris?.amount ?? sale.total)), form.element);

    /** @param {string} reference */
    async function confirm(reference) {
      form.hold(true);
      form.problem.textContent = "";
      try {
        const answer = await ask("POST", `/api/v1/sales/${sale.id}/confirm`, { reference });
        if (!answer.ok) return void (form.problem.textContent = sentence(answer, t("The payment was not confirmed.")));
        close();
        app.go(seen(store.get().at, answer.body));
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        form.problem.textContent = t("The server does not answer. Try again.");
      } finally {
        form.hold(false);
      }
    }
  }
}
