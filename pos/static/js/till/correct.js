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

/** @typedef {"cash"|"qris"|"both"} Way */

/** @param {App} app @param {any} sale @param {() => unknown} done */
export function correctPayment(app, sale, done) {
  const { store, boot } = app;
  const cashToo = (store.get().user?.rights ?? []).includes("take_cash");
  // Money that is QRIS already becomes cash first: another amount by QRIS would be another payment.
  const qrisToo = !byQris(sale);
  /** @type {Way[]} */
  const offered = [...(cashToo ? /** @type {const} */ (["cash"]) : []), ...(qrisToo ? /** @type {const} */ (["qris"]) : []), ...(cashToo ? /** @type {const} */ (["both"]) : [])];
  /** @type {Way} */
  let way = offered[0];
  /** How it stands in the books by now. */
  let now = sale;
  let id = uuid7();
  let sent = "";

  const said = h("p", { class: "other-said", role: "status" });
  const trouble = h("p", { class: "form-message", role: "alert" });
  const exact = button(t("Exact cash"), () => send(cash(sale.total)), { kind: "note wide" });
  const save = button(t("Paid in cash"), () => send(cash(pad.get() ?? 0)), { kind: "money wide big" });
  const rest = button(t("The rest by QRIS"), askReference, { kind: "qris wide big" });
  const pad = amountPad({ id: "corrected", label: t("Cash received"), notes: NOTES, onChange: draw, onEnter: () => [save, rest].find((one) => !one.hidden && !one.disabled)?.click() });
  const manual = manualForm((reference) => (way === "both" ? sendBoth(reference) : send([{ method: "qris" }], reference)));
  const left = h("div", null);
  const named = { cash: t("Cash"), qris: "QRIS", both: t("Cash and QRIS") };
  const ways = offered.map((one) => button(named[one], () => show(one)));
  const written = h("p", null);
  const { close } = openDialog({
    title: t("Change the payment"),
    kind: "other correct",
    onClose: () => now !== sale && done(),
    body: [
      left,
      h(
        "div",
        { class: "other-side" },
        h("p", { class: "soft" }, sale.number),
        h("p", { class: "other-total amount" }, rupiah(sale.total)),
        written,
        ways.length > 1 && h("div", { class: "correct-ways", role: "group", "aria-label": t("Really paid by") }, ways),
        said,
        trouble,
        exact,
        save,
        rest,
      ),
    ],
  });
  standing(sale);
  show(way);

  /** @param {number} amount @returns {Tender[]} */
  function cash(amount) {
    return [{ method: "cash", amount }];
  }

  /** @param {any} stands */
  function standing(stands) {
    now = stands;
    written.textContent = t("Written down: %(how)s", { how: paidWords(now) });
  }

  /** @param {Way} chosen */
  function show(chosen) {
    way = chosen;
    ways.forEach((one, n) => one.setAttribute("aria-pressed", String(offered[n] === way)));
    trouble.textContent = "";
    if (way === "qris") return showReference("");
    fill(left, pad.element);
    draw(pad.get());
    pad.input.focus();
  }

  /** @param {string} what */
  function showReference(what) {
    fill(left, manual.element);
    exact.hidden = save.hidden = rest.hidden = true;
    said.textContent = [what, t("A supervisor allows it.")].filter(Boolean).join(" ");
    manual.focus();
  }

  /** The cash is typed; what is missing came by QRIS and has a number. */
  function askReference() {
    way = "both";
    ways.forEach((one, n) => one.setAttribute("aria-pressed", String(offered[n] === way)));
    showReference(paidWords({ status: "completed", tenders: [{ method: "cash", amount: pad.get() }, { method: "qris", amount: sale.total - (pad.get() ?? 0) }] }) + ".");
  }

  /** Less than the total is a part, wherever it is typed. @param {number|null} amount */
  function draw(amount) {
    const part = amount !== null && amount > 0 && amount < sale.total;
    if (manual.element.isConnected) return;
    said.textContent = way === "both" && amount === null ? t("Type the part in cash.") : shortWords(sale.total, amount);
    exact.hidden = way === "both" || part || (!byQris(now) && now.change === 0);
    save.hidden = way === "both" || part;
    rest.hidden = !(way === "both" || part);
    save.disabled = amount === null || amount < sale.total;
    rest.disabled = !part;
  }

  /** QRIS money of another amount goes by way of cash: both are said one after the other. @param {string} reference */
  async function sendBoth(reference) {
    const tenders = /** @type {Tender[]} */ ([...cash(pad.get() ?? 0), { method: "qris" }]);
    if (byQris(now)) {
      const first = await post(cash(sale.total));
      if (!first) return;
      put(first);
    }
    await send(tenders, reference);
    if (now !== sale && left.isConnected && !byQris(now) && !manual.problem.textContent) tell(t("It is written down as cash for now. Try again, so that the part by QRIS counts."));
  }

  /** @param {Tender[]} tenders @param {string} [reference] */
  async function send(tenders, reference) {
    const answer = await post(tenders, reference);
    if (answer) finish(answer);
  }

  /** The sale as it stands then; null when it did not come about. @param {Tender[]} tenders @param {string} [reference] */
  async function post(tenders, reference) {
    const body = { tenders, ...(reference && { reference }) };
    // The same wish keeps its id, so that a second tap or a lost answer changes nothing twice.
    if (sent !== JSON.stringify(body)) id = uuid7();
    sent = JSON.stringify(body);
    hold(true);
    tell("");
    try {
      const who = { people: boot.people, me: store.get().user?.name };
      const cashPart = tenders.find((one) => one.method === "cash")?.amount ?? 0;
      const what = { title: t("Change the payment of %(number)s to QRIS", { number: sale.number }), amount: rupiah(sale.total - cashPart) };
      const answer = await withApproval(who, what, (approval) => ask("POST", `/api/v1/sales/${sale.id}/tenders`, { id, ...body, ...(approval && { approval }) }));
      if (answer?.ok) return answer.body;
      if (answer) {
        play("no");
        tell(sentence(answer, t("That did not work.")));
      }
      return null;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      tell(t("The server does not answer. Try again; it is not done twice."));
      return null;
    } finally {
      hold(false);
    }
  }

  /** @param {boolean} busy */
  function hold(busy) {
    for (const one of [exact, ...ways]) one.disabled = busy;
    manual.hold(busy);
    if (busy) save.disabled = rest.disabled = true;
    else draw(pad.get());
  }

  /** @param {string} text */
  function tell(text) {
    const typing = manual.element.isConnected;
    trouble.textContent = typing ? "" : text;
    manual.problem.textContent = typing ? text : "";
  }

  /** @param {any} corrected */
  function put(corrected) {
    standing(corrected);
    const { done: shown, lastSale } = store.get();
    if (shown?.id === sale.id) store.set({ done: corrected });
    if (lastSale?.id === sale.id) store.set({ lastSale: corrected });
  }

  /** @param {any} corrected */
  function finish(corrected) {
    put(corrected);
    close();
    play("ok");
    toast(t("The payment of %(number)s was changed: %(how)s", { number: corrected.number, how: paidWords(corrected) }));
  }
}
