// @ts-check
/** The window of a sale that waits for its QRIS payment: its code, asked about until its end is known. Comes after the first load. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { openDialog, sureButton } from "../lib/dialog.js";
import { rupiah } from "../lib/money.js";
import { play } from "../lib/sound.js";
import { uuid7 } from "../lib/uuid7.js";
import { t } from "../lib/i18n.js";
import { withApproval } from "./approve.js";
import { cartOf } from "./cart.js";
import { manualForm } from "./qrismanual.js";
import { isOver, phaseOf } from "./qrisstate.js";
import { qrisView } from "./qrisview.js";
import { toast } from "./toast.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./sale.js").Tender} Tender */

/** So often that a payment is seen well within a second after the server knew of it. */
const POLL = 600;
const POLL_OVER = 3000;
const COUNTDOWN = 500;

/** @typedef {ReturnType<typeof import("./qriskept.js").keptPayments>} Kept */
/**
 * @param {App} app @param {any} sale @param {{watched: boolean, kept: Kept, pay: (tenders: Tender[], total: number) => void,
 * paid: (sale: any) => void, ended: () => void}} how watched: what ends gives its cart back
 */
export function openCode(app, sale, { watched, kept, pay, paid, ended }) {
  const { store, boot } = app;
  let current = sale;
  let asking = false;
  let busy = false;
  let typing = false;
  let online = true;
  let over = false;
  const form = manualForm(confirm);
  const cancel = sureButton(t("Cancel the payment"), t("Really cancel?"), drop, { kind: "danger" });
  const view = qrisView(sale, { cancel, form, slip, again, toCart: () => close(), next: () => close(), manual: openForm });
  const { close } = openDialog({ title: t("Payment by QRIS"), kind: "qris", body: view.element, onClose: closed });
  draw();
  const ticking = setInterval(draw, COUNTDOWN);
  /** @type {any} */
  let timer = setTimeout(round, POLL);
  const seen = () => document.visibilityState === "visible" && hurry();
  document.addEventListener("visibilitychange", seen);

  function draw() {
    view.draw({ sale: current, phase: phaseOf(current), asking, online, manual: typing, printer: store.get().status?.printer?.state !== "none" });
  }

  function hurry() {
    clearTimeout(timer);
    timer = setTimeout(round, 0);
  }

  async function round() {
    try {
      const answer = await ask("GET", `/api/v1/sales/${sale.id}`);
      online = true;
      if (answer.ok) take(answer.body);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      online = false;
    }
    if (over) return;
    draw();
    clearTimeout(timer);
    timer = setTimeout(round, isOver(phaseOf(current)) ? POLL_OVER : POLL);
  }

  /** @param {any} next */
  function take(next) {
    if (over) return;
    // While the last question is asked only the money itself counts; the rest is for its answer to say.
    if (busy && phaseOf(next) !== "paid") return;
    const before = phaseOf(current);
    current = next;
    if (phaseOf(next) === "paid") {
      kept.forget(sale.id);
      close();
      paid(next);
      return;
    }
    if (before !== phaseOf(next) && isOver(phaseOf(next))) {
      view.tell("");
      play("no");
    }
    draw();
  }

  function openForm() {
    typing = true;
    view.tell("");
    draw();
    form.focus();
  }

  /** @param {string} text */
  async function confirm(text) {
    await work(form.problem, async () => {
      const what = { title: t("Confirm a QRIS payment by hand"), amount: rupiah(current.qris?.amount ?? current.total) };
      const who = { people: boot.people, me: store.get().user?.name };
      const answer = await withApproval(who, what, (approval) =>
        ask("POST", `/api/v1/sales/${current.id}/confirm`, approval ? { reference: text, approval } : { reference: text }),
      );
      if (!answer) return;
      if (answer.ok) current = answer.body;
      else form.problem.textContent = sentence(answer, t("The payment was not confirmed."));
    });
  }

  async function drop() {
    asking = current.qris?.provider !== "static";
    draw();
    await work(form.problem, async () => {
      const answer = await ask("POST", `/api/v1/sales/${current.id}/cancel`, {});
      const told = answer.body?.sale ?? answer.body;
      if (answer.ok || (answer.status === 409 && typeof told?.status === "string" && told.lines)) current = told;
      else view.tell(sentence(answer, t("The payment was not cancelled.")));
    });
    if (!over && phaseOf(current) === "cancelled") close();
  }

  async function slip() {
    await work({ set textContent(/** @type {string} */ text) { view.tell(text); } }, async () => {
      const answer = await ask("POST", `/api/v1/sales/${current.id}/qr-slip`, { id: uuid7() });
      view.tell(answer.ok ? t("The code is being printed.") : sentence(answer, t("That did not work.")));
    });
  }

  /** Back to the cart and at once a new code, paid the same way. */
  function again() {
    const tenders = current.tenders.map((/** @type {Tender} */ one) => (one.method === "qris" ? { method: "qris" } : one));
    const free = !store.get().cart.lines.length;
    close();
    if (!free) return;
    // The window's own end comes a moment later: the cart has to be there before.
    app.setCart(cartOf(current));
    pay(tenders, current.total);
  }

  /** @param {{textContent: string}} where @param {() => Promise<void>} job */
  async function work(where, job) {
    if (busy) return;
    busy = true;
    form.hold(true);
    where.textContent = "";
    try {
      await job();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      where.textContent = t("The server does not answer. Try again.");
    } finally {
      busy = asking = false;
      form.hold(false);
      if (!over) take(current);
    }
  }

  function closed() {
    over = true;
    clearInterval(ticking);
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
    const phase = phaseOf(current);
    if (isOver(phase)) kept.forget(sale.id);
    else kept.park();
    if (isOver(phase) && watched) giveBack(phase);
    ended();
  }

  /** @param {import("./qrisstate.js").Phase} phase */
  function giveBack(phase) {
    if (!store.get().user) return;
    if (!store.get().cart.lines.length) app.setCart(cartOf(current));
    else if (phase === "cancelled") toast(t("The payment is cancelled; its goods are back in stock."));
  }
}
