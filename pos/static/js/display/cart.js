// @ts-check
/** What the customer has taken so far, and the total in large figures. */
import { fill, h, say } from "../lib/dom.js";
import { items, t } from "../lib/i18n.js";
import { dotted, rupiah } from "../lib/money.js";
import { isLong } from "./stage.js";

/** @typedef {import("./stage.js").Scene} Scene */

/** @param {any} place */
export function cartPart(place) {
  const list = h("ul", { class: "bill-lines" });
  const count = h("span", { class: "bill-count" });
  const off = h("p", { class: "bill-off amount" });
  const total = h("p", { class: "bill-total amount", role: "status" });
  const cash = h("p", { class: "bill-cash" });
  const wait = h("p", { class: "bill-wait", role: "status" });
  const scroll = h("div", { class: "bill-scroll", tabindex: "0", role: "region", "aria-label": t("Your purchase") }, list);
  fill(
    place,
    h("section", { class: "bill" }, h("header", { class: "bill-head" }, h("h1", null, t("Your purchase")), count), scroll),
    h("section", { class: "bill-sum", "aria-label": t("Total") }, off, h("h2", null, t("Total")), total, cash, wait),
  );
  let drawn = "";
  /** @type {string[]} */
  let before = [];

  /** @param {Scene} scene */
  function lines(scene) {
    const keys = scene.lines.map((line) => JSON.stringify(line));
    if (keys.join() === drawn) return;
    drawn = keys.join();
    const fresh = keys.map((key) => before.length > 0 && !before.includes(key));
    fill(list, scene.lines.map((line, i) => row(line, fresh[i])));
    before = keys;
    const changed = fresh.lastIndexOf(true);
    list.children[changed < 0 ? list.children.length - 1 : changed]?.scrollIntoView({ block: "nearest" });
  }

  return {
    /** @param {{scene: Scene|null}} moment */
    draw({ scene }) {
      if (!scene) return;
      lines(scene);
      const pieces = scene.lines.reduce((sum, line) => sum + line.quantity, 0);
      say(count, items(pieces));
      say(off, scene.discount ? `${t("Discount")} −${rupiah(scene.discount)}` : "");
      say(total, rupiah(scene.total));
      total.classList.toggle("long", isLong(scene.total));
      say(cash, scene.cash_total === scene.total ? "" : t("In cash %(total)s (rounded)", { total: rupiah(scene.cash_total) }));
      say(wait, scene.asking ? t("One moment please…") : "");
    },
  };
}

/** @param {import("./stage.js").Line} line @param {boolean} fresh it has just been put in or changed */
function row(line, fresh) {
  const off = line.discount ? h("span", { class: "bill-less amount" }, `${t("Discount")} −${dotted(line.discount)}`) : null;
  return h(
    "li",
    { class: `bill-line${fresh ? " fresh" : ""}` },
    h("span", { class: "bill-name" }, line.name),
    h("span", { class: "bill-unit amount" }, `${line.quantity} × ${dotted(line.unit_price)}`),
    h("span", { class: "bill-amount amount" }, dotted(line.total)),
    off,
  );
}
