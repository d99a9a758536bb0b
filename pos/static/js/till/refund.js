// @ts-check
/** Windows for taking a sale back: whole (void) or piece by piece (refund), each with a reason. */
import { button, h, icon } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { rupiah } from "../lib/money.js";
import { uuid7 } from "../lib/uuid7.js";
import { t } from "../lib/i18n.js";
import { takeBack } from "./saleacts.js";
import { toast } from "./toast.js";

/** @typedef {import("./app.js").App} App */

/** A reason: one of the usual ones by a tap, or typed. @param {string[]} usual */
export function reasonField(usual) {
  const input = h("input", { id: "reason", class: "input", maxlength: "200", autocomplete: "off", "data-typing": "text" });
  const chips = usual.map((text) => button(text, () => { input.value = text; input.dispatchEvent(new Event("input", { bubbles: true })); }, { kind: "chip" }));
  const element = h("div", { class: "field" }, h("label", { for: "reason" }, t("Reason")), h("div", { class: "buttons" }, chips), input);
  return { element, get: () => input.value.trim(), focus: () => input.focus() };
}

/** What is left to give back of each line. @param {any} sale @returns {{sku: string, name: string, left: number, unit: number}[]} */
export function refundable(sale) {
  /** @type {Map<string, {sku: string, name: string, left: number, unit: number}>} */
  const lines = new Map();
  for (const line of sale.lines) {
    const known = lines.get(line.sku) ?? { sku: line.sku, name: line.name, left: 0, unit: Math.floor(line.total / line.quantity) };
    known.left += line.quantity - (line.refunded_quantity ?? 0);
    lines.set(line.sku, known);
  }
  if (!sale.lines.some((/** @type {any} */ line) => line.refunded_quantity !== undefined)) {
    for (const refund of Array.isArray(sale.refunds) ? sale.refunds : []) {
      for (const line of refund.lines ?? []) {
        const known = lines.get(line.sku);
        if (known) known.left -= line.quantity;
      }
    }
  }
  return [...lines.values()];
}

/** @param {App} app @param {any} sale @param {() => void} done */
export function voidForm(app, sale, done) {
  const reason = reasonField([t("Wrong item"), t("Customer changed their mind"), t("Wrong payment")]);
  ask_(app, sale, {
    title: t("Void receipt %(number)s", { number: sale.number }),
    verb: "void",
    label: t("Void %(amount)s", { amount: rupiah(sale.total) }),
    parts: [h("p", { class: "soft" }, t("The whole sale is taken back: the money is returned and the goods are in stock again.")), reason.element],
    reason,
    body: () => ({}),
    amount: () => sale.total,
    done,
  });
}

/** @param {App} app @param {any} sale @param {() => void} done */
export function refundForm(app, sale, done) {
  const lines = refundable(sale);
  /** @type {Map<string, number>} */
  const wanted = new Map();
  const reason = reasonField([t("Damaged"), t("Wrong item"), t("Customer changed their mind")]);
  const restock = h("input", { type: "checkbox", checked: true });
  const byQris = (sale.tenders ?? []).some((/** @type {any} */ one) => one.method === "qris");
  const qris = h("input", { type: "checkbox" });
  const amount = () => lines.reduce((sum, line) => sum + line.unit * (wanted.get(line.sku) ?? 0), 0);
  const rows = lines.filter((line) => line.left > 0).map((line) => {
    const count = h("output", { class: "line-quantity", "aria-describedby": `refund-${line.sku}` }, "0");
    const step = (/** @type {number} */ by) => {
      const next = Math.min(line.left, Math.max(0, (wanted.get(line.sku) ?? 0) + by));
      wanted.set(line.sku, next);
      count.textContent = String(next);
      form.relabel();
    };
    return h(
      "li",
      { class: "line" },
      h("div", { class: "line-words" }, h("span", { id: `refund-${line.sku}`, class: "line-name" }, line.name), h("span", { class: "line-unit soft small" }, t("%(count)s sold", { count: line.left }))),
      h("div", { class: "line-steps" },
        button([icon("minus")], () => step(-1), { kind: "step", "aria-label": t("One less"), "aria-describedby": `refund-${line.sku}` }),
        count,
        button([icon("plus")], () => step(1), { kind: "step", "aria-label": t("One more"), "aria-describedby": `refund-${line.sku}` })),
    );
  });
  const form = ask_(app, sale, {
    title: t("Refund of %(number)s", { number: sale.number }),
    verb: "refunds",
    label: () => (amount() ? t("Pay back %(amount)s", { amount: rupiah(amount()) }) : t("Pay back")),
    parts: [
      h("ul", { class: "refund-lines" }, rows),
      reason.element,
      h("label", { class: "check" }, restock, h("span", null, t("The goods go back into stock"))),
      byQris && h("label", { class: "check" }, qris, h("span", null, t("Paid back by QRIS or transfer, not from the drawer"))),
    ],
    reason,
    body: () => ({
      lines: [...wanted].filter(([, quantity]) => quantity > 0).map(([sku, quantity]) => ({ sku, quantity })),
      restock: restock.checked,
      method: byQris && qris.checked ? "qris" : "cash",
      register: app.boot.register.code,
    }),
    amount,
    done,
  });
}

/**
 * @param {App} app @param {any} sale
 * @param {{title: string, verb: "void"|"refunds", label: string|(() => string), parts: any[], reason: ReturnType<typeof reasonField>, body: () => any, amount: () => number, done: () => void}} options
 */
function ask_(app, sale, options) {
  let id = uuid7();
  let sent = "";
  const words = () => (typeof options.label === "function" ? options.label() : options.label);
  const message = h("p", { class: "form-message", role: "alert" });
  const go = button(words(), send, { kind: "danger sure big wide" });
  const { close } = openDialog({ title: options.title, kind: "form", body: [h("div", { class: "stack" }, options.parts, message, go)] });

  async function send() {
    const reason = options.reason.get();
    const body = { reason, ...options.body() };
    if (options.amount() <= 0) return void (message.textContent = t("Choose what comes back."));
    if (!reason) {
      message.textContent = t("Say why.");
      return options.reason.focus();
    }
    // The same wish keeps its id, so that a second tap or a lost answer does not take it back twice.
    if (sent !== JSON.stringify(body)) id = uuid7();
    sent = JSON.stringify(body);
    go.disabled = true;
    message.textContent = "";
    try {
      const result = await takeBack(app, sale, options.verb, { id, ...body }, options.amount());
      if (!result) return;
      if (!result.ok) return void (message.textContent = result.text);
      close();
      toast(t("Done: %(number)s, %(amount)s back.", { number: result.body?.number ?? "", amount: rupiah(result.body?.total ?? options.amount()) }));
      options.done();
    } finally {
      go.disabled = false;
    }
  }

  return { relabel: () => (go.textContent = words()) };
}
