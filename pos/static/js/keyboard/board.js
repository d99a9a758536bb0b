// @ts-check
/** The board itself: drawn once, put where the field's window is, and moved out of the field's way. */
import { h } from "../lib/dom.js";
import { capitalNext, DIGITS, LETTERS, SIGNS, typed, written } from "./layout.js";

/** A key that is held repeats after so long, then as often, in ms. */
const HELD = 450;
const REPEAT = 90;
const FACES = { "<shift>": "⇧", "<erase>": "⌫", "<signs>": "?123", "<letters>": "ABC" };

/** @param {Record<string, string>} words */
export function createBoard(words) {
  /** @type {any} */
  let field = null;
  let layer = "letters";
  let capital = false;
  let locked = false;
  let before = "";
  /** @type {any} */
  let held = null;
  const board = h("div", { class: "board no-print", role: "region", "aria-label": words.board, popover: "manual", on: { pointerdown: press, pointerup: release, pointercancel: release, pointerleave: release, mousedown: still, click } });

  /** The focus stays in the field, and with it the caret. @param {Event} event */
  function still(event) {
    event.preventDefault();
  }

  /** @param {any} event */
  function press(event) {
    still(event);
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key || key === "<done>") return;
    release();
    act(key);
    if (key === "<erase>") held = setTimeout(() => (held = setInterval(() => act(key), REPEAT)), HELD);
  }

  function release() {
    clearTimeout(held);
    clearInterval(held);
  }

  /**
   * A click without a pointer comes from a screen reader or a switch. Only a whole tap ends the writing: were the board gone
   * when the finger goes up, the tap would press what is below.
   * @param {any} event
   */
  function click(event) {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key && (event.detail === 0 || key === "<done>")) act(key);
  }

  /** @param {string} key */
  function act(key) {
    if (!field?.isConnected) return close();
    if (key === "<done>") return field.blur(), close();
    if (key === "<shift>") {
      // Once for a letter, twice for more.
      locked = capital && !locked;
      capital = locked || !capital;
      return marks();
    }
    if (key === "<signs>" || key === "<letters>") {
      layer = key.slice(1, -1);
      return draw();
    }
    write(key === "<erase>" ? "" : written(key, capital));
    if (!locked) suggest();
  }

  /** @param {string} put */
  function write(put) {
    // Fields for addresses and numbers don't tell where their caret is.
    const end = field.value.length;
    const next = typed(field.value, field.selectionStart ?? end, field.selectionEnd ?? end, put, field.maxLength);
    if (next.text === field.value) return;
    field.value = next.text;
    if (field.selectionStart !== null) field.setSelectionRange(next.caret, next.caret);
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: put ? "insertText" : "deleteContentBackward", data: put || null }));
  }

  function suggest() {
    const at = field.selectionStart ?? field.value.length;
    const next = capitalNext(field.autocapitalize, field.value.slice(0, at));
    if (next !== capital) {
      capital = next;
      marks();
    }
  }

  function marks() {
    for (const key of /** @type {any} */ (board).querySelectorAll("[data-key]")) {
      const name = key.dataset.key;
      if (name === "<shift>") key.setAttribute("aria-pressed", String(capital));
      else if (/^[a-z]$/.test(name)) key.textContent = written(name, capital);
    }
    board.classList.toggle("locked", locked);
  }

  function draw() {
    const rows = layer === "digits" ? DIGITS : layer === "signs" ? SIGNS : LETTERS;
    board.className = `board no-print ${layer}`;
    board.replaceChildren(...rows.map((row) => h("div", { class: "board-row" }, row.map(keyOf))));
    marks();
  }

  /** @param {string} key */
  function keyOf(key) {
    const name = /^<(\w+)>$/.exec(key)?.[1];
    const face = name === "done" ? words.done : name === "space" ? words.space : (/** @type {any} */ (FACES)[key] ?? key);
    // What stands on a key is in its name, for whoever says the keys aloud.
    const label = name === "signs" || name === "letters" ? `${face} ${words[name]}` : name && words[name];
    return h("button", { type: "button", tabindex: "-1", class: `board-key${name ? ` ${name}` : ""}`, "data-key": key, "aria-label": label }, face);
  }

  /** @param {any} next @param {"letters"|"digits"} keys */
  function open(next, keys) {
    if (field === next) return settle();
    if (field) leave();
    field = next;
    before = field.value;
    field.dataset.mode ??= field.inputMode;
    // The machine's own keys stay away.
    field.inputMode = "none";
    layer = keys;
    locked = false;
    capital = capitalNext(field.autocapitalize, field.value);
    draw();
    // Behind an open window everything is still: the board belongs into the window.
    (field.closest("dialog[open]") ?? document.body).append(board);
    board.showPopover();
    settle();
  }

  function leave() {
    release();
    if (field.dataset.mode !== undefined) field.inputMode = field.dataset.mode;
    delete field.dataset.mode;
    // The browser reports only what real keys changed.
    if (field.value !== before) field.dispatchEvent(new Event("change", { bubbles: true }));
    field = null;
  }

  function close() {
    if (!field) return;
    leave();
    if (board.matches(":popover-open")) board.hidePopover();
    board.remove();
    const { classList, style } = document.documentElement;
    classList.remove("keys-open");
    style.removeProperty("--board");
  }

  /** Make room below, bring the field into it, and stand at the top where that does not help. */
  function settle() {
    if (!field) return;
    board.classList.remove("above");
    document.documentElement.style.setProperty("--board", `${board.offsetHeight}px`);
    document.documentElement.classList.add("keys-open");
    field.scrollIntoView({ block: "nearest" });
    const { bottom, top } = field.getBoundingClientRect();
    const free = window.innerHeight - board.offsetHeight;
    board.classList.toggle("above", bottom > free && top > board.offsetHeight);
  }

  return {
    open,
    close,
    settle,
    /** @param {any} element */
    holds: (element) => element instanceof Node && board.contains(element),
    get field() {
      return field;
    },
  };
}
