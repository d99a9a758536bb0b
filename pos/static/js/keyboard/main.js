// @ts-check
/**
 * Keys on the screen for a till without a keyboard. They come when a text field is touched (always, or by themselves as long
 * as nobody typed on real keys), write into the field that has the focus without taking it, and never cover it.
 */
import { recall, remember } from "../lib/keep.js";
import { createBoard } from "./board.js";
import { createTypist, keysFor } from "./layout.js";

/** Real keys were used at this browser: remembered so long, in ms. */
const REMEMBERED = 30 * 24 * 3600_000;
const SEEN = "karya.keys";
/** A field that lost the focus keeps its keys so long, in ms: the tap that took it is over by then. */
const LEFT = 150;

const place = document.getElementById("keyboard");
if (place) start(JSON.parse(place.textContent ?? ""));

/** @param {{mode: "auto"|"on", words: Record<string, string>}} options */
function start({ mode, words }) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("../../css/keyboard.css", import.meta.url).href;
  document.head.append(style);
  const board = createBoard(words);
  const typist = createTypist();

  // Only when a tap is over: what moves while a finger is down would put another button under it.
  document.addEventListener(
    "click",
    (/** @type {any} */ event) => {
      const field = fieldAt(event.target);
      if (field) consider(field, event.pointerType !== "mouse");
      else if (!board.holds(event.target)) soon();
    },
    true,
  );
  document.addEventListener("focusin", soon);

  /** The field was left: by a tap elsewhere, by a window, by a program. */
  function soon() {
    setTimeout(() => board.field && document.activeElement !== board.field && board.close(), LEFT);
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (!event.isTrusted || event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
      if (!typist.key(event.timeStamp) || mode === "on") return;
      remember(SEEN, Date.now());
      board.close();
    },
    true,
  );
  window.addEventListener("resize", () => board.settle());
  // A window that closes takes its field along.
  document.addEventListener("close", () => board.field && !board.field.isConnected && board.close(), true);

  /** @param {any} field @param {boolean} byTouch */
  function consider(field, byTouch) {
    if (mode === "auto" && (!byTouch || Date.now() - (recall(SEEN) ?? 0) < REMEMBERED)) return;
    const keys = keysFor({ tag: field.tagName, type: field.type, inputmode: field.dataset.mode ?? field.inputMode, typing: field.dataset.typing ?? "", readonly: field.readOnly || field.disabled });
    if (keys) board.open(field, keys);
    else board.close();
  }
}

/** @param {any} target @returns {any} */
function fieldAt(target) {
  const field = target instanceof Element ? target.closest("input, textarea") : null;
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : null;
}
