// @ts-check
/** A sale that waits for its QRIS payment: the code, large; the countdown; and what the cashier does by hand. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, h, icon, say } from "../lib/dom.js";
import { openDialog, sureButton } from "../lib/dialog.js";
import { rupiah } from "../lib/money.js";
import { t } from "../lib/i18n.js";
import { minutes, now } from "../lib/time.js";
import { withApproval } from "./approval.js";
import { cartOf } from "./cart.js";
import { payloadFields } from "./catalogue.js";
import { toast } from "./toast.js";

/** @typedef {import("./app.js").App} App */

const POLL = 2000;

/** @param {App} app @param {{finish: (sale: any) => void, refresh: () => Promise<unknown>}} act */
export function createQris(app, act) {
  const { store, boot } = app;
  let open = "";

  /** @param {any} sale */
  function show(sale) {
    if (open) return;
    open = sale.id;
    let current = sale;
    let busy = false;
    const byHand = boot.qris.provider === "static";
    const picture = h("div", { class: "qr" });
    const merchant = h("p", { class: "qr-merchant" });
    const left = h("p", { class: "qr-left", role: "timer" });
    const state = h("p", { class: "qr-state", role: "status" });
    const problem = h("p", { class: "form-message", role: "alert" });
    const reference = h("input", {
      id: "reference",
      class: "input reference",
      autocomplete: "off",
      maxlength: "64",
      inputmode: "none",
      "data-typing": "text",
      on: { keydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && confirm() },
    });
    const received = button(t("Payment received"), confirm, { kind: "money big" });
    const cancel = sureButton(t("Cancel the payment"), t("Really cancel?"), drop, { kind: "danger" });
    const toCart = button(t("Back to the cart"), back, {});
    const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "erase"].map((key) =>
      button(key === "erase" ? [icon("erase")] : key, () => typeDigit(key), { kind: "key", "aria-label": key === "erase" ? t("Delete the last digit") : undefined }),
    );
    const form = h(
      "div",
      { class: "qr-confirm" },
      h("div", { class: "field" }, h("label", { for: "reference" }, t("Reference")), reference, h("p", { class: "hint" }, t("The number that the merchant app shows for this payment."))),
      h("div", { class: "keys digits" }, digits),
      problem,
      received,
    );
    const { close } = openDialog({
      title: t("Payment by QRIS"),
      kind: "qris",
      body: [
        h("div", { class: "qr-side" }, picture, merchant),
        h(
          "div",
          { class: "qr-words" },
          h("p", { class: "qr-amount amount" }, rupiah(sale.qris?.amount ?? sale.total)),
          left,
          state,
          form,
          h("div", { class: "buttons qr-away" }, cancel, toCart, button(t("Serve the next customer"), () => close(), {})),
        ),
      ],
      onClose: () => {
        open = "";
        clearInterval(ticking);
        act.refresh();
      },
    });
    draw();
    const ticking = setInterval(tick, 1000);
    let asked = Date.now();

    function draw() {
      const payload = current.qris?.payload ?? "";
      if (payload && !picture.querySelector("img")) {
        picture.replaceChildren(h("img", { src: `/till/qr/${current.id}.svg`, alt: t("QRIS code"), width: "400", height: "400", draggable: "false" }));
        merchant.textContent = payloadFields(payload).get("59") ?? "";
      }
      if (!payload && !picture.firstChild) picture.append(h("p", { class: "soft" }, t("The code is being made…")));
      const waiting = current.status === "awaiting_payment";
      say(state, waiting ? (byHand ? t("The customer scans and pays. Check the merchant app, then confirm by hand.") : t("Waiting for the payment…")) : endWords());
      picture.classList.toggle("over", !waiting);
      cancel.hidden = !waiting;
      toCart.hidden = waiting;
      say(left, waiting && current.qris?.expires_at ? t("%(time)s left", { time: minutes(Date.parse(current.qris.expires_at) - now()) }) : "");
    }

    function endWords() {
      return current.status === "expired"
        ? t("The time is over. If the customer did pay, type the reference and confirm; otherwise go back to the cart.")
        : t("This payment was cancelled.");
    }

    async function tick() {
      draw();
      if (busy || Date.now() - asked < POLL) return;
      asked = Date.now();
      try {
        const answer = await ask("GET", `/api/v1/sales/${current.id}`);
        if (answer.ok) take(answer.body);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
      }
    }

    /** @param {any} next */
    function take(next) {
      if (!open || busy) return;
      current = next;
      if (next.status === "completed") {
        close();
        act.finish(next);
      } else draw();
    }

    /** @param {string} key */
    function typeDigit(key) {
      reference.value = key === "erase" ? reference.value.slice(0, -1) : (reference.value + key).slice(0, 64);
      problem.textContent = "";
    }

    async function confirm() {
      const text = reference.value.trim();
      if (!text) {
        problem.textContent = t("Type the reference of the payment.");
        return reference.focus();
      }
      await work(async () => {
        const what = { title: t("Confirm a QRIS payment by hand"), amount: rupiah(current.qris?.amount ?? current.total) };
        const who = { people: boot.people, me: store.get().user?.name };
        const answer = await withApproval(who, what, (approval) =>
          ask("POST", `/api/v1/sales/${current.id}/confirm`, approval ? { reference: text, approval } : { reference: text }),
        );
        if (!answer) return;
        if (answer.ok) current = answer.body;
        else problem.textContent = sentence(answer, t("The payment was not confirmed."));
        if (answer.ok && current.status !== "completed") problem.textContent = t("The payment is kept, but the sale could not be completed. Call a supervisor.");
      });
    }

    async function drop() {
      await work(async () => {
        const answer = await ask("POST", `/api/v1/sales/${current.id}/cancel`, {});
        const sale_ = answer.body?.sale ?? answer.body;
        if (answer.ok || (answer.status === 409 && typeof sale_?.status === "string" && sale_.lines)) current = sale_;
        else problem.textContent = sentence(answer, t("The payment was not cancelled."));
        if (current.status === "cancelled") back();
      });
    }

    function back() {
      close();
      if (store.get().cart.lines.length) toast(t("The payment is cancelled; its goods are back in stock."));
      else app.setCart(cartOf(current));
    }

    /** @param {() => Promise<void>} job */
    async function work(job) {
      if (busy) return;
      busy = true;
      received.disabled = cancel.disabled = true;
      problem.textContent = "";
      try {
        await job();
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        problem.textContent = t("The server does not answer. Try again.");
      } finally {
        busy = false;
        received.disabled = cancel.disabled = false;
        if (open) take(current);
      }
    }
  }

  return { show, isOpen: () => open !== "" };
}
