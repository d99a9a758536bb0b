// @ts-check
/** The blind count and the close. The server fixes the count before it says what was expected. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, byId, fill, h, icon, say } from "../lib/dom.js";
import { recall, remember } from "../lib/keep.js";
import { dotted, rupiah } from "../lib/money.js";
import { t } from "../lib/i18n.js";
import { uuid7 } from "../lib/uuid7.js";
import { askApproval, withApproval } from "../till/approve.js";
import { reasonField } from "../till/refund.js";
import { byDenomination, countsFrom, DENOMINATIONS, pieces, sum, withPieces } from "./count.js";

/** @typedef {{shift: string, status: string, report: any, people: {name: string, role: string}[], me: string}} Page */

/** @param {Page} page */
export function closeView(page) {
  const KEY = `karya.count.${page.shift}`;
  let counts = countsFrom(recall(KEY));
  /** @type {any} what the server said after the count */
  let result = page.status === "counted" ? page.report : null;
  let recounting = false;
  let busy = false;
  /** One id for one wish; a lost answer is asked for again with it. @type {Map<string, string>} */
  const ids = new Map();
  const place = byId("count");
  const message = byId("close-message");
  const countButton = byId("do-count");
  const closeButton = byId("do-close");
  const reason = reasonField([t("Wrong change given"), t("Counterfeit note"), t("Cause not known")]);
  const total = h("output", { class: "amount" });
  const rows = DENOMINATIONS.map(row);
  const half = Math.ceil(rows.length / 2);
  const columns = [rows.slice(0, half), rows.slice(half)].map((part) => h("div", { class: "count-column" }, part.map((one) => one.element)));
  fill(place, columns, h("p", { class: "count-total", role: "status" }, h("span", null, t("Counted")), total));
  countButton.addEventListener("click", () => work(count));
  closeButton.addEventListener("click", () => work(close));
  draw();

  /** @param {number} note */
  function row(note) {
    const id = `note-${note}`;
    const input = h("input", {
      id,
      class: "input",
      inputmode: "numeric",
      autocomplete: "off",
      placeholder: "0",
      on: { input: () => change(pieces(input.value)), focus: () => input.select() },
    });
    const worth = h("output", { class: "amount soft", for: id });
    /** @param {number} count */
    const change = (count) => {
      counts = withPieces(counts, note, count);
      remember(KEY, Object.fromEntries(counts));
      draw();
    };
    const element = h(
      "div",
      { class: "count-row" },
      h("label", { for: id, class: "amount" }, dotted(note)),
      button([icon("minus")], () => change((counts.get(note) ?? 0) - 1), { kind: "step", "aria-label": t("One less"), "aria-describedby": id }),
      input,
      button([icon("plus")], () => change((counts.get(note) ?? 0) + 1), { kind: "step", "aria-label": t("One more"), "aria-describedby": id }),
      worth,
    );
    return {
      element,
      draw() {
        const count = counts.get(note) ?? 0;
        const text = count ? String(count) : "";
        if (input.value !== text && !(document.activeElement === input && pieces(input.value) === count)) input.value = text;
        say(worth, count ? dotted(count * note) : "");
      },
    };
  }

  function draw() {
    for (const one of rows) one.draw();
    say(total, rupiah(sum(counts)));
    place.hidden = result !== null && !recounting;
    countButton.hidden = place.hidden;
    byId("close-words").hidden = place.hidden;
    fill(byId("result"), result && !recounting ? resultParts() : []);
  }

  function resultParts() {
    const difference = result.over_short ?? 0;
    const words = difference === 0 ? t("exact") : difference > 0 ? t("over") : t("short");
    return [
      h(
        "dl",
        { class: "compare" },
        h("div", null, h("dt", null, t("Expected cash")), h("dd", { class: "amount" }, rupiah(result.expected_cash ?? 0))),
        h("div", null, h("dt", null, t("Counted cash")), h("dd", { class: "amount" }, rupiah(result.counted_cash ?? 0))),
        h("div", { class: difference ? "differs" : "exact" }, h("dt", null, t("Over or short")), h("dd", { class: "amount" }, rupiah(difference)), h("dd", null, words)),
      ),
      difference !== 0 && reason.element,
      h("div", { class: "buttons" }, button(t("Count again"), startAgain, { kind: "quiet" })),
    ];
  }

  function startAgain() {
    recounting = true;
    message.textContent = "";
    draw();
  }

  /** @param {string} verb @param {any} body */
  function idFor(verb, body) {
    const key = `${verb}:${JSON.stringify(body)}`;
    if (!ids.has(key)) ids.set(key, uuid7());
    return ids.get(key);
  }

  async function count() {
    const counted = byDenomination(counts);
    const id = idFor("count", counted);
    const send = (/** @type {any} */ approval) => ask("POST", `/api/v1/shifts/${page.shift}/count`, { id, counted, ...(approval && { approval }) });
    const what = { title: t("Count the cash again"), amount: rupiah(sum(counts)) };
    let answer = await withApproval(page, what, send);
    if (answer?.body?.code === "count_fixed") answer = await askApproval(page, what, send, answer);
    if (!answer) return;
    if (!answer.ok) return refuse(answer);
    recounting = false;
    result = { counted_cash: sum(counts), ...answer.body };
    draw();
  }

  async function close() {
    if (result === null || recounting) {
      // Closing begins with the count; the button shows where.
      message.textContent = t("Count the cash first.");
      place.querySelector("input").focus();
      return;
    }
    const body = { reason: reason.get() };
    const id = idFor("close", body);
    const what = { title: t("Close with cash that does not match"), amount: rupiah(result.over_short ?? 0) };
    const answer = await withApproval(page, what, (approval) => ask("POST", `/api/v1/shifts/${page.shift}/close`, { id, ...body, ...(approval && { approval }) }));
    if (!answer) return;
    if (!answer.ok) {
      refuse(answer);
      if (answer.body?.code === "reason_needed") reason.focus();
      return;
    }
    remember(KEY, null);
    window.location.assign(`/shift/z/${page.shift}`);
  }

  /** @param {import("../lib/api.js").Answer} answer */
  function refuse(answer) {
    if (answer.status === 401) return window.location.assign("/");
    message.textContent = sentence(answer, t("That did not work."));
    if (answer.body?.code === "sales_waiting") message.append(" ", h("a", { href: "/" }, t("Show the waiting payments")));
  }

  /** @param {() => Promise<unknown>} job */
  async function work(job) {
    if (busy) return;
    busy = true;
    message.textContent = "";
    countButton.disabled = closeButton.disabled = true;
    try {
      await job();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      message.textContent = t("The server does not answer. Try again; it is not done twice.");
    } finally {
      busy = false;
      countButton.disabled = closeButton.disabled = false;
    }
  }
}
