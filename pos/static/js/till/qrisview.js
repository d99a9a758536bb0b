// @ts-check
/** What stands on the screen of a QRIS payment, from top to bottom; qris.js decides when. */
import { button, fill, h, icon, say } from "../lib/dom.js";
import { rupiah } from "../lib/money.js";
import { minutes, now } from "../lib/time.js";
import { t } from "../lib/i18n.js";
import { byHand, isOver, needsPerson, sentenceOf, troubleOf } from "./qrisstate.js";

/** @typedef {import("./qrisstate.js").Phase} Phase */
/** @typedef {{sale: any, phase: Phase, asking: boolean, online: boolean, manual: boolean, printer: boolean}} Moment */

/** @param {any} sale @param {{cancel: any, manual: () => void, slip: () => void, again: () => void, toCart: () => void, next: () => void, form: any}} parts */
export function qrisView(sale, parts) {
  const picture = h("div", { class: "qr" });
  const merchant = h("div", { class: "qr-merchant" });
  const trial = h("p", { class: "qr-trial" }, t("TRIAL, not real money"));
  const left = h("p", { class: "qr-left", role: "timer" });
  const state = h("p", { class: "qr-state", role: "status" });
  const trouble = h("p", { class: "qr-trouble", role: "status" });
  const said = h("p", { class: "qr-said", role: "status" });
  const slip = button([icon("printer"), t("Print the code")], parts.slip, {});
  const manual = button(t("Confirm by hand"), parts.manual, {});
  const again = button(t("Try QRIS again"), parts.again, { kind: "qris big" });
  const toCart = button(t("Back to the cart"), parts.toCart, { kind: "big" });
  const next = button(t("Serve the next customer"), parts.next, {});
  const more = h("div", { class: "buttons qr-more" }, slip, manual);
  const element = [
    h("div", { class: "qr-side" }, picture, merchant),
    h(
      "div",
      { class: "qr-words" },
      trial,
      h("div", { class: "qr-sum" }, h("p", { class: "qr-amount amount" }, rupiah(sale.qris?.amount ?? sale.total)), left),
      h("p", { class: "qr-by-hand", hidden: !byHand(sale) }, t("Confirmed by hand, not by a provider")),
      state,
      trouble,
      parts.form.element,
      said,
      more,
      h("div", { class: "buttons qr-away" }, again, toCart, parts.cancel, next),
    ),
  ];
  let drawn = "";

  /** @param {any} current @param {Phase} phase */
  function drawPicture(current, phase) {
    const key = current.qris?.payload ? current.id : phase;
    if (drawn !== key) {
      drawn = key;
      if (current.qris?.payload) {
        picture.replaceChildren(h("img", { src: `/till/qr/${current.id}.svg`, alt: t("QRIS code"), width: "400", height: "400", draggable: "false" }));
        fill(merchant, merchantParts(current.qris.merchant));
      } else {
        picture.replaceChildren(phase === "making" ? h("span", { class: "spinner", "aria-hidden": "true" }) : icon("alert"));
      }
    }
    picture.classList.toggle("over", isOver(phase));
  }

  /** @param {Moment} moment */
  function draw({ sale: current, phase, asking, online, manual: typing, printer }) {
    const over = isOver(phase);
    drawPicture(current, phase);
    trial.hidden = !current.qris?.sandbox;
    const ends = Date.parse(current.qris?.expires_at ?? "") - now();
    const last = asking || (phase === "waiting" && !byHand(current) && ends <= 0);
    say(left, phase === "waiting" && !last ? t("%(time)s left", { time: minutes(ends) }) : "");
    say(state, last ? t("Asking the provider one last time…") : sentenceOf(current, phase));
    state.classList.toggle("asking", last);
    state.classList.toggle("bad", needsPerson(phase));
    state.classList.toggle("over", over);
    const wrong = troubleOf(current, online);
    say(trouble, wrong);
    trouble.hidden = !wrong;
    const confirmable = phase === "waiting" || phase === "expired" || phase === "cancelled";
    const form = confirmable && (byHand(current) || typing);
    parts.form.element.hidden = !form;
    parts.form.warning.hidden = byHand(current);
    state.hidden = form && !byHand(current) && phase === "waiting" && !last;
    slip.hidden = phase !== "waiting" || !printer || form;
    manual.hidden = !confirmable || byHand(current) || form;
    more.hidden = slip.hidden && manual.hidden;
    again.hidden = !(phase === "nocode" || phase === "failed" || (phase === "expired" && !byHand(current) && !form));
    toCart.hidden = !over;
    parts.cancel.hidden = over || phase === "paid";
    next.hidden = over;
    for (const one of [slip, manual, again, toCart, next, parts.cancel]) one.disabled = asking;
    parts.form.hold(asking);
  }

  return { element, draw, /** @param {string} text */ tell: (text) => say(said, text) };
}

/** @param {{name: string|null, nmid: string|null, acquirer: string|null}|null} merchant */
function merchantParts(merchant) {
  if (!merchant) return [];
  const rows = [
    ["NMID", merchant.nmid],
    [t("Acquirer"), merchant.acquirer],
  ].filter(([, value]) => value);
  return [
    h("p", { class: "qr-name" }, merchant.name ?? ""),
    h("dl", { class: "qr-facts" }, rows.map(([term, value]) => h("div", null, h("dt", null, term), h("dd", null, value)))),
  ];
}
