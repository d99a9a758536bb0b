// @ts-check
/**
 * Goods in hand that the books don't know: product by product somebody counts them, a supervisor allows it, and one paper
 * brings the books to it. The cart stays as it is; what a lost answer left open is asked again with the same id.
 */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, fill, h } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { amountPad } from "../lib/keypad.js";
import { play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { uuid7 } from "../lib/uuid7.js";
import { withApproval } from "./approve.js";
import { nameOf } from "./cart.js";
import { foundLine, lotsToChoose } from "./found.js";
import { tell, toast } from "./toast.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./found.js").FoundLine} FoundLine */
/** @typedef {{sku: string, quantity: number, available: number}} Short */

const OTHER_DATE = "~";

/** @param {App} app @param {Short[]} shortages @returns {Promise<boolean>} true once the books know the goods */
export async function countIn(app, shortages) {
  /** @type {FoundLine[]} */
  const found = [];
  for (const [n, short] of shortages.entries()) {
    const last = n === shortages.length - 1;
    const place = await placeOf(short.sku);
    if (!place || !(await step(app, short, place, found, last))) return false;
  }
  play("ok");
  toast(t("Counted in."));
  return true;
}

/** Where this register sells from, and the lots of a product. @param {string} sku */
async function placeOf(sku) {
  try {
    const answer = await ask("GET", `/till/lots?sku=${encodeURIComponent(sku)}`);
    if (answer.ok) return answer.body;
    tell(sentence(answer, t("That did not work.")));
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    tell(t("The server does not answer. Try again."));
  }
  return null;
}

/**
 * One product: how many are in hand, of which lot. The last one sends the paper.
 * @param {App} app @param {Short} short @param {{location: string, today: string, lots: import("./found.js").Lot[]}} place
 * @param {FoundLine[]} found @param {boolean} last @returns {Promise<boolean>} false when it was given up
 */
function step(app, short, place, found, last) {
  const product = app.store.get().catalogue.bySku.get(short.sku);
  const name = product ? nameOf(product, app.boot.locale) : short.sku;
  const { lots, expired } = lotsToChoose(place.lots, place.today);
  const day = new Intl.DateTimeFormat(app.boot.locale === "id" ? "id-ID" : "en-GB", { dateStyle: "medium", timeZone: "UTC" });
  const dated = (/** @type {string} */ on) => day.format(new Date(on));
  return new Promise((resolve) => {
    let done = false;
    /** @type {any} what was sent without an answer: nobody knows whether it counted, so nothing of it may change */
    let open = null;
    const message = h("p", { class: "form-message", role: "alert" });
    const pad = amountPad({ id: "found", label: t("In hand"), hint: t("Count every piece that is here, not only what is missing."), onChange: () => (message.textContent = ""), onEnter: go });
    const lot = h(
      "select",
      { id: "found-lot", class: "input", on: { change: () => ((date.hidden = lot.value !== OTHER_DATE), (message.textContent = "")) } },
      h("option", { value: "" }, t("Not known")),
      lots.map((one) => h("option", { value: one.lot }, one.expires_on ? `${one.lot} · ${dated(one.expires_on)}` : one.lot)),
      h("option", { value: OTHER_DATE }, t("Another date…")),
    );
    const on = h("input", { id: "found-date", class: "input", type: "date", min: place.today });
    const date = h("div", { class: "field", hidden: true }, h("label", { for: "found-date" }, t("Best before")), on);
    const send = button(last ? t("Count in") : t("Next product"), go, { kind: "primary big wide" });
    const side = h(
      "div",
      { class: "other-side" },
      h("p", { class: "count-in-name" }, name),
      h("p", { class: "soft" }, t("The books know %(known)s, wanted are %(wanted)s.", { known: Math.max(0, short.available), wanted: short.quantity })),
      h("div", { class: "field" }, h("label", { for: "found-lot" }, t("Lot or date on the pack")), lot),
      date,
      expired.length > 0 && h("p", { class: "alert warn" }, t("Past its date and never sold: %(lots)s. Look at the date on the pack.", { lots: expired.map((one) => `${one.lot || "–"} (${dated(/** @type {string} */ (one.expires_on))})`).join(", ") })),
      message,
      send,
    );
    const { close } = openDialog({ title: t("Count in"), kind: "other", body: [pad.element, side], onClose: () => resolve(done) });
    pad.input.focus();

    /** @param {string} text @param {any} [field] where it is put right */
    function tell(text, field = pad.input) {
      play("no");
      message.textContent = text;
      if (!open) field.focus();
    }

    /** The line that was typed; null when something is missing, which is then said. */
    function typed() {
      const counted = pad.get();
      if (counted === null) return tell(t("Type how many are in hand.")), null;
      if (lot.value === OTHER_DATE && !on.value) return tell(t("Type the date on the pack."), on), null;
      if (lot.value === OTHER_DATE && on.value < place.today) return tell(t("Past its date: it can't be sold, so it is not counted in."), on), null;
      if (!lot.value && expired.length > 0) return tell(t("Choose the lot or the date: goods past their date lie here as well."), lot), null;
      const line = foundLine(short.sku, counted, short.available, lot.value === OTHER_DATE ? { day: on.value } : { lot: lot.value });
      if (!line) tell(t("The books know as many already."));
      return line;
    }

    async function go() {
      if (send.disabled) return;
      const line = open ? null : typed();
      if (!open && !line) return;
      const lines = /** @type {FoundLine[]} */ (open ? [] : [...found, line]);
      if (!last) {
        found.push(...lines.slice(found.length));
        done = true;
        return close();
      }
      const body = open ?? { id: uuid7(), location: place.location, reason: "count", lines, note: t("Counted in at the till %(register)s", { register: app.boot.register.code }) };
      send.disabled = true;
      try {
        await post(body);
      } finally {
        send.disabled = false;
      }
    }

    /** @param {any} body */
    async function post(body) {
      const pieces = body.lines.reduce((/** @type {number} */ sum, /** @type {FoundLine} */ one) => sum + one.quantity, 0);
      const what = { title: t("Count in: %(name)s", { name: body.lines.length > 1 ? t("%(count)s products", { count: body.lines.length }) : name }), amount: t("+%(count)s pieces", { count: pieces }) };
      try {
        const answer = await withApproval({ people: app.boot.people, me: app.store.get().user?.name }, what, (approval) =>
          ask("POST", "/api/v1/stock/adjustments", approval ? { ...body, approval } : body),
        );
        if (answer?.ok) {
          done = true;
          return close();
        }
        hold(null);
        // Nothing was saved: what was typed may be changed, and the paper gets a new id.
        tell(answer ? sentence(answer, t("That did not work.")) : t("Not approved. Nothing was changed."));
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        hold(body);
        tell(t("The server does not answer. Try again; it is not counted twice."));
      }
    }

    /** @param {any} body */
    function hold(body) {
      open = body;
      pad.element.inert = lot.disabled = on.disabled = Boolean(body);
      fill(send, body ? t("Try again") : t("Count in"));
    }
  });
}
