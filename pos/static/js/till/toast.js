// @ts-check
/** A short word at the bottom, with one button; gone by itself after five seconds, or after `stays`. */
import { Unanswered } from "../lib/api.js";
import { button, byId, fill, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** What can be undone is offered so long, in ms. */
export const UNDO = 8000;

/** @type {any} */
let timer = null;
/** @type {(() => void)|null} */
let undo = null;

/** The way back, for a toast to offer; Control+Z takes it too. @param {() => unknown} act */
export const undoing = (act) => ({ label: t("Undo"), act, undo: true });

/** @param {string} text @param {{label: string, act: () => unknown, undo?: boolean}} [offer] @param {number} [stays] in ms */
export function toast(text, offer, stays = 5000) {
  hush();
  const place = byId("toast");
  // Shown anew, it stands above a window that was opened meanwhile.
  place.popover = "manual";
  place.showPopover();
  const act = () => { hush(); offer?.act(); };
  if (offer?.undo) undo = act;
  fill(place, h("div", { class: "toast" }, h("p", null, text), offer && button(offer.label, act, { kind: "quiet", "aria-keyshortcuts": offer.undo && "Control+Z" })));
  document.addEventListener("keydown", onKey);
  // Whoever is on its button is given the time.
  const end = () => (place.contains(document.activeElement) ? (timer = setTimeout(end, 1000)) : hush());
  timer = setTimeout(end, stays);
}

/** Say nothing more: what it offered no longer fits. */
export function hush() {
  clearTimeout(timer);
  undo = null;
  const place = byId("toast");
  fill(place);
  if (place.matches(":popover-open")) place.hidePopover();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (!undo || !event.ctrlKey || event.key !== "z" || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  undo();
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
