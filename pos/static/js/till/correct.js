// @ts-check
/** "Wrong? Change the payment": a sale of this shift was really paid otherwise. Its own row stays; this is said beside it. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, fill, h } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { amountPad } from "../lib/keypad.js";
import { rupiah } from "../lib/money.js";
import { play } from "../lib/sound.js";
import { NOTES } from "../lib/tender.js";
import { uuid7 } from "../lib/uuid7.js";
import { t } from "../lib/i18n.js";
import { withApproval } from "./approve.js";
import { shortWords } from "./otheramount.js";
import { manualForm } from "./qrismanual.js";
import { toast } from "./toast.js";
import { byQris, paidWords } from "./words.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./sale.js").Tender} Tender */

/** @param {App} app @param {any} sale @param {() => unknown} done */
export function correctPayment(app, sale, done) {
  const { store, boot } = app;
  const cashToo = (store.get().user?.rights ?? []).includes("take_cash");
  // Money that is QRIS already becomes cash first: another amount by QRIS would be another payment.
  const qrisToo = !byQris(sale);
  let id = uuid7();
  let sent = "";

  const said = h("p", { class: "other-said", role: "status" });
  const trouble = h("p", { class: "form-message", role: "alert" });
  const exact = button(t("Exact cash"), () => send(cash(sale.total)), { kind: "note wide" });
  const save = button(t("Paid in cash"), () => send(cash(pad.get() ?? 0)), { kind: "money wide big" });
  const pad = amountPad({ id: "corrected", label: t("Cash received"), notes: NOTES, onChange: draw, onEnter: () => save.disabled || save.click() });
  const manual = manualForm((reference) => send([{ method: "qris" }], reference));
  const left = h("div", null);
  const ways = /** @type {const} */ (["cash", "qris"]).map((way) => button(way === "qris" ? "QRIS" : t("Cash"), () => show(way), { kind: "big" }));
  const { close } = openDialog({
    title: t("Change the payment"),
    kind: "other correct",
    body: [
      left,
      h(
        "div",
        { class: "other-side" },
        h("p", { class: "soft" }, sale.number),
        h("p", { class: "other-total amount" }, rupiah(sale.total)),
        h("p", null, t("Written down: %(how)s", { how: paidWords(sale) })),
        cashToo && qrisToo && h("div", { class: "correct-ways", role: "group", "aria-label": t("Really paid by") }, ways),
        said,
        trouble,
        exact,
        save,
      ),
    ],
  });
  show(cashToo ? "cash" : "qris");

  /** @param {number} amount @returns {Tender[]} */
  function cash(amount) {
    return [{ method: "cash", amount }];
  }

  /** @param {"cash"|"qris"} way */
  function show(way) {
    ways.forEach((one, n) => one.setAttribute("aria-pressed", String((n === 1) === (way === "qris"))));
    fill(left, way === "qris" ? manual.element : pad.element);
    exact.hidden = way === "qris" || (qrisToo && sale.change === 0);
    save.hidden = way === "qris";
    trouble.textContent = "";
    if (way === "qris") {
      said.textContent = t("A supervisor allows it.");
      return manual.focus();
    }
    draw(pad.get());
    pad.input.focus();
  }

  /** @param {number|null} amount */
  function draw(amount) {
    said.textContent = shortWords(sale.total, amount);
    save.disabled = amount === null || amount < sale.total;
  }

  /** @param {Tender[]} tenders @param {string} [reference] */
  async function send(tenders, reference) {
    const body = { tenders, ...(reference && { reference }) };
    // The same wish keeps its id, so that a second tap or a lost answer changes nothing twice.
    if (sent !== JSON.stringify(body)) id = uuid7();
    sent = JSON.stringify(body);
    hold(true);
    tell("");
    try {
      const who = { people: boot.people, me: store.get().user?.name };
      const what = { title: t("Change the payment of %(number)s to QRIS", { number: sale.number }), amount: rupiah(sale.total) };
      const answer = await withApproval(who, what, (approval) => ask("POST", `/api/v1/sales/${sale.id}/tenders`, { id, ...body, ...(approval && { approval }) }));
      if (!answer) return;
      if (!answer.ok) {
        play("no");
        return tell(sentence(answer, t("That did not work.")));
      }
      finish(answer.body);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      tell(t("The server does not answer. Try again; it is not done twice."));
    } finally {
      hold(false);
    }
  }

  /** @param {boolean} busy */
  function hold(busy) {
    exact.disabled = busy;
    manual.hold(busy);
    if (busy) save.disabled = true;
    else draw(pad.get());
  }

  /** @param {string} text */
  function tell(text) {
    trouble.textContent = save.hidden ? "" : text;
    manual.problem.textContent = save.hidden ? text : "";
  }

  /** @param {any} corrected */
  function finish(corrected) {
    close();
    play("ok");
    const { done: shown, lastSale } = store.get();
    if (shown?.id === sale.id) store.set({ done: corrected });
    if (lastSale?.id === sale.id) store.set({ lastSale: corrected });
    toast(t("The payment of %(number)s was changed: %(how)s", { number: corrected.number, how: paidWords(corrected) }));
    done();
  }
}
