// @ts-check
/** The sales of this register's day: a list, and beside it one sale with what can be done about it. */
import { everyPage } from "../lib/api.js";
import { button, byId, fill, h, icon } from "../lib/dom.js";
import { dotted, rupiah } from "../lib/money.js";
import { clock } from "../lib/time.js";
import { t } from "../lib/i18n.js";
import { correctPayment } from "./correct.js";
import { refundForm, voidForm } from "./refund.js";
import { reprint } from "./saleacts.js";
import { correctable, saleWords } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {{refresh: () => Promise<unknown>, refreshProducts: () => Promise<void>, showQris: (sale: any) => void}} act */
export function todayView(app, act) {
  const { store, boot } = app;
  const root = byId("today");
  const list = h("ul", { class: "sale-list" });
  const detail = h("div", { class: "sale-detail card", "aria-live": "polite" });
  const back = button([icon("back"), t("Back to selling")], () => store.set({ screen: "sell" }), {});
  const display = button(t("Customer display"), () => window.open(`/display/${encodeURIComponent(boot.register.code)}`, `karya.display.${boot.register.code}`, "popup"), {});
  fill(root, h("header", { class: "today-head" }, back, h("h1", { class: "grow" }, t("Today's sales")), display), h("div", { class: "today-body" }, list, detail));
  /** @type {any[]} */
  let sales = [];
  let chosen = "";

  store.watch(["screen"], ({ screen }) => {
    if (screen === "today") load();
  });

  async function load() {
    const { shift } = store.get();
    if (!shift) return;
    try {
      const date = shift.business_date ? `&date=${shift.business_date}` : "";
      sales = await everyPage(`/api/v1/sales?register=${encodeURIComponent(boot.register.code)}${date}`);
      sales.sort((a, b) => String(b.completed_at ?? b.created_at ?? "").localeCompare(String(a.completed_at ?? a.created_at ?? "")));
    } catch {
      fill(list, h("li", { class: "stack" }, h("p", null, t("The sales can't be shown now. The server does not answer.")), button(t("Try again"), load, {})));
      return;
    }
    draw();
  }

  function draw() {
    if (!sales.some((sale) => sale.id === chosen)) chosen = sales[0]?.id ?? "";
    fill(list, sales.length ? sales.map(row) : h("li", { class: "soft empty" }, t("Nothing sold yet.")));
    show(sales.find((sale) => sale.id === chosen));
  }

  /** @param {any} sale */
  function row(sale) {
    const at = sale.completed_at ?? sale.created_at;
    const words = [
      h("span", { class: "sale-at" }, at ? clock(at) : ""),
      h("span", { class: "grow" }, h("span", { class: "sale-number" }, sale.number ?? t("No number yet")), h("span", { class: "small sale-state" }, saleWords(sale))),
      h("span", { class: "amount sale-total" }, rupiah(sale.total)),
    ];
    return h("li", null, button(words, () => { chosen = sale.id; draw(); }, { kind: "sale-row", "aria-pressed": String(sale.id === chosen) }));
  }

  /** @param {any} sale */
  function show(sale) {
    if (!sale) return fill(detail, h("p", { class: "soft" }, t("Choose a sale to see it.")));
    const lines = sale.lines.map((/** @type {any} */ line) =>
      h("tr", null, h("td", null, line.name, line.note && h("span", { class: "sale-note small soft" }, line.note), line.discount > 0 && h("span", { class: "sale-note small soft" }, `${line.reason} −${dotted(line.discount)}`)), h("td", { class: "number" }, `${line.quantity} × ${dotted(line.unit_price)}`), h("td", { class: "number" }, dotted(line.total))),
    );
    const sums = [
      sale.discount ? [sale.reason ? `${t("Discount")} · ${sale.reason}` : t("Discount"), -sale.discount] : null,
      sale.rounding ? [t("Rounding"), sale.rounding] : null,
      [t("Total"), sale.total],
      ...(sale.tenders ?? []).map((/** @type {any} */ one) => [one.method === "qris" ? "QRIS" : t("Cash"), one.amount]),
      [t("Change"), sale.change ?? 0],
      sale.refunded ? [t("Refunded"), sale.refunded] : null,
    ].filter((one) => one !== null);
    fill(
      detail,
      h("header", { class: "sale-head" }, h("h2", null, sale.number ?? saleWords(sale)), h("p", { class: "soft" }, [saleWords(sale), sale.cashier, sale.corrections?.length && t("Payment changed")].filter(Boolean).join(" · "))),
      h("table", { class: "table" }, h("tbody", null, lines), h("tfoot", null, sums.map(([term, value]) => h("tr", null, h("th", { colspan: "2", scope: "row" }, term), h("td", { class: "number" }, dotted(value)))))),
      sale.note && h("p", null, t("Note: %(note)s", { note: sale.note })),
      h("div", { class: "buttons" }, acts(sale)),
    );
  }

  /** @param {any} sale */
  function acts(sale) {
    const { shift } = store.get();
    if (sale.status === "awaiting_payment" || sale.status === "expired") return [button(t("Show the payment"), () => act.showQris(sale), { kind: "primary" })];
    if (sale.status !== "completed") return [];
    const left = sale.total - (sale.refunded ?? 0);
    const ofThisShift = !sale.shift || sale.shift === shift?.id;
    return [
      button([icon("printer"), t("Print a copy")], () => reprint(app, sale), {}),
      correctable(sale, shift) && button(t("Change the payment"), () => correctPayment(app, sale, done), {}),
      left > 0 && button(t("Refund"), () => refundForm(app, sale, done), {}),
      !sale.refunded && ofThisShift && button(t("Void receipt"), () => voidForm(app, sale, done), { kind: "danger" }),
    ];
  }

  async function done() {
    await Promise.all([load(), act.refreshProducts(), act.refresh()]);
  }
}
