// @ts-check
/** No way out of the page: no menu, no dragging, no shortcuts of the browser, no going back. */

/** Keys by which a keypad walks through the page. */
const ALLOWED = new Set(["Tab", "Enter", " ", "Escape", "Shift", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", "Backspace"]);

export function guardPage() {
  for (const kind of ["contextmenu", "dragstart", "drop", "dragover"]) document.addEventListener(kind, (event) => event.preventDefault());
  document.addEventListener("wheel", (event) => event.ctrlKey && event.preventDefault(), { passive: false });
  document.addEventListener(
    "keydown",
    (event) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!plain || (event.key.length > 1 && !ALLOWED.has(event.key))) event.preventDefault();
    },
    true,
  );
  document.addEventListener("keydown", walk);
  const stay = () => history.pushState(null, "", window.location.href);
  stay();
  window.addEventListener("popstate", stay);
}

/** The arrows of a keypad go from button to button, as Tab does. @param {KeyboardEvent} event */
function walk(event) {
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!by || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  const within = document.querySelector("dialog[open]") ?? document;
  const buttons = /** @type {HTMLElement[]} */ ([...within.querySelectorAll("button:not(:disabled), a[href]")]).filter((one) => one.offsetParent && one.tabIndex >= 0 && !one.closest("[hidden]") && !one.classList.contains("skip"));
  const here = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  buttons.at(here < 0 ? (by > 0 ? 0 : -1) : (here + by) % buttons.length)?.focus();
}

/**
 * Press and hold for `ms`: the gesture that only staff know.
 * @param {HTMLElement} element @param {number} ms @param {() => void} act
 */
export function whenHeld(element, ms, act) {
  /** @type {any} */
  let timer = null;
  const let_go = () => {
    clearTimeout(timer);
    timer = null;
  };
  element.addEventListener("pointerdown", () => {
    let_go();
    timer = setTimeout(act, ms);
  });
  for (const kind of ["pointerup", "pointercancel", "pointerleave"]) element.addEventListener(kind, let_go);
}
