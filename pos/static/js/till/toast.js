// @ts-check
/** A short word at the bottom, with one button; gone by itself after five seconds, or after `stays`. */
import { Unanswered } from "../lib/api.js";
import { button, byId, fill, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @type {any} */
let timer = null;

/** @param {string} text @param {{label: string, act: () => void}} [offer] @param {number} [stays] in ms */
export function toast(text, offer, stays = 5000) {
  const place = byId("toast");
  clearTimeout(timer);
  const hide = () => {
    fill(place);
    place.hidePopover();
  };
  // Shown anew, it stands above a window that was opened meanwhile.
  place.popover = "manual";
  place.hidePopover();
  place.showPopover();
  fill(
    place,
    h(
      "div",
      { class: "toast" },
      h("p", null, text),
      offer && button(offer.label, () => { hide(); offer.act(); }, { kind: "quiet" }),
    ),
  );
  timer = setTimeout(hide, stays);
}

/** What went wrong: it stays until somebody has read it. @param {string} text */
export function tell(text) {
  toast(text, { label: t("Understood"), act() {} }, 20_000);
}

/**
 * Do what asks the server. Without an answer that is said, with a button that does it again: what it sends carries its own id, so
 * nothing is done twice. @template T @param {() => Promise<T>} job @returns {Promise<T|null>}
 */
export async function trying(job) {
  try {
    return await job();
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    toast(t("The server does not answer."), { label: t("Try again"), act: () => trying(job) }, 20_000);
    return null;
  }
}

/**
 * A part that comes after the first load, fetched once; null, and said so, when it can't be had now.
 * @template T @param {() => Promise<T>} load @returns {() => Promise<T|null>}
 */
export function later(load) {
  /** @type {Promise<T|null>|null} */
  let loading = null;
  return () =>
    (loading ??= load().catch(() => {
      loading = null;
      tell(t("The server does not answer. Try again."));
      return null;
    }));
}
