// @ts-check
/** The window for discounts and notes, of a line or of the whole sale: one tap on a ready discount gives it. */
import { ask, Unanswered } from "../lib/api.js";
import { button, fill, h, icon, say } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { amountPad } from "../lib/keypad.js";
import { dotted, rupiah } from "../lib/money.js";
import { offOf } from "../lib/pricing.js";
import { t } from "../lib/i18n.js";
import { lineViews } from "./cart.js";
import { grossOf, LONGEST_NOTE, NO_DISCOUNT, offWords, ofPreset, overLimit, withExtras } from "./extrasof.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./cart.js").Cart} Cart */
/** @typedef {import("./cart.js").Extras} Extras */

/** What was heard last; it serves while the server is away, which checks everything once more. @type {{items: import("./extrasof.js").Preset[], limit_percent: number}} */
let ready = { items: [], limit_percent: 100 };

/** @param {App} app @param {string} sku empty: the whole sale @param {(after: Cart, words: string) => void} change */
export function openExtras(app, sku, change) {
  const { store, boot } = app;
  const cart = store.get().cart;
  const views = lineViews(cart, store.get().catalogue.bySku, boot.locale);
  const line = views.find((view) => view.sku === sku);
  if (store.get().pending || (sku && !line)) return;
  const here = sku ? cart.lines.find((one) => one.sku === sku) ?? {} : cart;
  const gross = grossOf(views, sku);
  const title = line?.name ?? t("Whole sale");
  const now = offOf(here, gross);
  let tab = "";
  const tabs = h("div", { class: "extras-tabs", role: "group", "aria-label": title });
  const panel = h("div", { class: "extras-panel" });
  const state = h(
    "p",
    { class: "extras-state" },
    h("span", null, line ? t("%(quantity)s × %(price)s", { quantity: line.quantity, price: dotted(line.unitPrice) }) : t("To pay")),
    " ",
    h("strong", { class: "amount" }, rupiah(gross - now)),
    now > 0 && h("span", { class: "extras-now" }, `${here.reason} −${dotted(now)}`),
  );
  const { dialog, close } = openDialog({ title, kind: "extras", body: [state, tabs, panel] });
  const names = [["ready", t("Ready discounts")], ["other", t("Another discount")], ["note", t("Note")]];
  const buttons = names.map(([name, words]) => button(words, () => show(name), { kind: "chip", "data-tab": name }));
  fill(tabs, buttons, now > 0 && button([icon("close"), t("Take the discount off")], () => give(NO_DISCOUNT, t("The discount is taken off.")), { kind: "danger" }));

  /** @param {Extras} part @param {string} words */
  function give(part, words) {
    close();
    if (!store.get().pending) change(withExtras(store.get().cart, sku, part), words);
  }

  /** @param {Extras} part */
  function discount(part) {
    give({ ...NO_DISCOUNT, ...part }, t("%(reason)s: %(amount)s off.", { reason: part.reason ?? "", amount: rupiah(offOf(part, gross)) }));
  }

  /** @param {Extras} off */
  const tooMuch = (off) => !store.get().user?.rights?.includes("exceed_discount") && overLimit(cart, views, sku, off, ready.items, ready.limit_percent);

  /** @param {string} name */
  function show(name) {
    tab = name;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.tab === name));
    if (name === "ready") fill(panel, presets());
    else if (name === "other") fill(panel, other());
    else fill(panel, note());
  }

  function presets() {
    if (!ready.items.length) return h("p", { class: "soft" }, t("The shop has no ready discounts yet. They are added in the back office, under settings."));
    return h("div", { class: "presets" }, ready.items.map((preset) => {
      const off = ofPreset(preset);
      const words = [
        h("span", { class: "preset-name" }, preset.name),
        " ",
        h("strong", { class: "amount" }, offWords(off, boot.locale)),
        " ",
        h("span", { class: "small" }, `−${dotted(offOf(off, gross))}`, tooMuch(off) && ` · ${t("a supervisor approves")}`),
      ];
      return button(words, () => discount(off), { kind: "preset" });
    }));
  }

  function other() {
    let percent = false;
    let reason = "";
    const said = h("p", { class: "extras-said", role: "status" });
    const units = [false, true].map((one) => button(one ? t("Percent") : t("Rupiah"), () => { percent = one; draw(); }, { kind: "chip" }));
    const own = h("input", { id: "reason", class: "input", maxlength: String(LONGEST_NOTE), autocomplete: "off", "data-typing": "text", on: { input: () => { reason = own.value.trim(); draw(); } } });
    const chips = [t("Damaged pack"), t("Best before soon"), t("Wrong price on the shelf"), t("Regular customer")].map((words) => button(words, () => { reason = words; own.value = ""; draw(); }, { kind: "chip", "data-reason": words }));
    const go = button(t("Give the discount"), () => discount(off()), { kind: "primary wide big" });
    const pad = amountPad({ id: "discount", label: t("Discount"), onChange: () => draw(), onEnter: () => go.disabled || go.click() });
    /** @returns {Extras} */
    const off = () => (percent ? { bp: (pad.get() ?? 0) * 100, reason } : { discount: Math.min(pad.get() ?? 0, gross), reason });
    function draw() {
      units.forEach((one, at) => one.setAttribute("aria-pressed", String(Boolean(at) === percent)));
      for (const one of chips) one.setAttribute("aria-pressed", String(one.dataset.reason === reason));
      const typed = pad.get() ?? 0;
      const most = percent ? 100 : gross;
      const taken = offOf(off(), gross);
      go.disabled = !typed || typed > most || !reason || !taken;
      say(said, !typed ? t("How much, and why?") : typed > most ? t("At most %(most)s.", { most: percent ? "100 %" : dotted(gross) }) : [t("%(amount)s off, %(rest)s left", { amount: dotted(taken), rest: dotted(gross - taken) }), !reason && t("choose why"), tooMuch(off()) && t("a supervisor approves")].filter(Boolean).join(" · "));
    }
    draw();
    return [
      h("div", { class: "extras-amount" }, h("div", { class: "extras-units", role: "group", "aria-label": t("Kind of discount") }, units), pad.element),
      h("div", { class: "extras-why" }, h("p", { class: "label", id: "why" }, t("Why")), h("div", { class: "reasons", role: "group", "aria-labelledby": "why" }, chips), h("div", { class: "field" }, h("label", { for: "reason" }, t("Another reason")), own), said, go),
    ];
  }

  function note() {
    const input = h("input", { id: "note", class: "input", maxlength: String(LONGEST_NOTE), autocomplete: "off", "data-typing": "text", value: here.note ?? "" });
    const save = () => {
      const words = input.value.trim();
      if (words === (here.note ?? "")) return close();
      give({ note: words }, words ? t("The note is kept.") : t("The note is taken off."));
    };
    input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && (event.preventDefault(), save()));
    return h(
      "div",
      { class: "stack" },
      h("div", { class: "field" }, h("label", { for: "note" }, line ? t("Note on this line") : t("Note on the sale")), input, h("p", { class: "hint" }, t("It is printed on the receipt and on the slip of an order. Leave it empty to take it off."))),
      h("div", { class: "buttons" }, button(t("Keep the note"), save, { kind: "primary big" })),
    );
  }

  async function hear() {
    try {
      const answer = await ask("GET", "/till/discounts", undefined, { timeout: 4000 });
      if (!answer.ok || JSON.stringify(answer.body) === JSON.stringify(ready)) return;
      ready = answer.body;
      if (dialog.open && tab === "ready") show("ready");
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  }

  show("ready");
  hear();
}
