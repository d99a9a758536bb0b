// @ts-check
/** Windows over the page, on the browser's own <dialog>: focus stays inside, Escape closes what may be closed. */
import { button, h, icon } from "./dom.js";
import { t } from "./i18n.js";

/** A double tap on the button that opened a window must not press what appears under the finger. */
const ARMED_AFTER = 300;

let serial = 0;

/**
 * Open a window; it is gone from the page once closed.
 * @param {{title: string, body: any[], kind?: string, closable?: boolean, onClose?: () => void}} options
 */
export function openDialog({ title, body, kind = "", closable = true, onClose }) {
  serial += 1;
  const heading = `dialog-${serial}`;
  const dialog = h(
    "dialog",
    { class: `dialog ${kind}`, "aria-labelledby": heading },
    h(
      "header",
      { class: "dialog-head" },
      h("h2", { id: heading, tabindex: "-1" }, title),
      closable && button([icon("close")], () => close(), { kind: "quiet", "aria-label": t("Close") }),
    ),
    ...body,
  );
  dialog.addEventListener("cancel", (/** @type {Event} */ event) => {
    if (!closable) event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.classList.add("fresh");
  setTimeout(() => dialog.classList.remove("fresh"), ARMED_AFTER);
  if (!dialog.querySelector("[autofocus]")) dialog.querySelector(`#${heading}`).focus();
  const close = () => dialog.open && dialog.close();
  return { dialog, close };
}

/** Is a window open that the page behind must wait for? */
export function dialogOpen() {
  return document.querySelector("dialog[open]") !== null;
}

/**
 * A button that asks once by changing its own words, instead of a window.
 * @param {string} label @param {string} sure @param {() => void} act @param {Record<string, any>} [props]
 */
export function sureButton(label, sure, act, props = {}) {
  /** @type {any} */
  let timer = null;
  const calm = () => {
    clearTimeout(timer);
    timer = null;
    element.classList.remove("sure");
    element.textContent = label;
  };
  const element = button(
    label,
    () => {
      if (timer !== null) {
        calm();
        act();
        return;
      }
      element.classList.add("sure");
      element.textContent = sure;
      timer = setTimeout(calm, 4000);
    },
    { kind: "danger", ...props },
  );
  return element;
}
