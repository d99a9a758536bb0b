// @ts-check
/** A short word at the bottom, with one button; gone by itself after five seconds. */
import { button, byId, fill, h } from "../lib/dom.js";

/** @type {any} */
let timer = null;

/** @param {string} text @param {{label: string, act: () => void}} [offer] */
export function toast(text, offer) {
  const place = byId("toast");
  clearTimeout(timer);
  const hide = () => fill(place);
  fill(
    place,
    h(
      "div",
      { class: "toast" },
      h("p", null, text),
      offer && button(offer.label, () => { hide(); offer.act(); }, { kind: "quiet" }),
    ),
  );
  timer = setTimeout(hide, 5000);
}
