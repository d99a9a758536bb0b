// @ts-check
/** The numeric keypads on the screen: one for amounts, one for a PIN. A keyboard works as well. */
import { button, h, icon } from "./dom.js";
import { pressKey, readAmount } from "./digits.js";
import { t } from "./i18n.js";
import { dotted } from "./money.js";

const ROWS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "0", "000", "erase"];

/**
 * A field for rupiah with its keypad; typing works too, and dots are put in while typing.
 * @param {{label: string, id: string, notes?: readonly number[], hint?: string, onChange?: (amount: number|null) => void, onEnter?: () => void}} options
 */
export function amountPad(options) {
  /** @type {number|null} */
  let amount = null;
  const input = h("input", {
    id: options.id,
    class: "input amount-input",
    inputmode: "none",
    autocomplete: "off",
    placeholder: "0",
    on: {
      input: () => set(readAmount(input.value)),
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && options.onEnter) {
          event.preventDefault();
          options.onEnter();
        }
      },
    },
  });
  /** @param {number|null} next */
  function set(next) {
    amount = next;
    input.value = next === null ? "" : dotted(next);
    options.onChange?.(next);
  }
  const keys = ROWS.map((key) =>
    button(key === "erase" ? [icon("erase")] : key, () => set(pressKey(amount, key)), {
      kind: "key",
      "aria-label": key === "erase" ? t("Delete the last digit") : undefined,
    }),
  );
  const notes = (options.notes ?? []).map((note) => button(`+${dotted(note)}`, () => set((amount ?? 0) + note), { kind: "key add" }));
  const element = h(
    "div",
    { class: "amount-pad" },
    h("div", { class: "field" }, h("label", { for: options.id }, options.label), input, options.hint && h("p", { class: "hint" }, options.hint)),
    notes.length > 0 && h("div", { class: "note-keys" }, notes),
    h("div", { class: "keys" }, keys),
  );
  return { element, input, set, get: () => amount };
}

/**
 * Six dots and ten digits. `onPin` gets the six digits; while it works the pad is still.
 * @param {{onPin: (pin: string) => Promise<unknown>}} options
 */
export function pinPad(options) {
  let typed = "";
  let busy = false;
  const dots = h("p", { class: "pin-dots", role: "img", "aria-label": t("PIN") });
  const message = h("p", { class: "pin-message", role: "alert" });
  const draw = () => {
    dots.replaceChildren(...Array.from({ length: 6 }, (_, i) => h("span", { class: i < typed.length ? "dot full" : "dot" })));
    dots.setAttribute("aria-label", t("%(count)s of 6 digits", { count: typed.length }));
  };
  /** @param {string} key */
  async function press(key) {
    if (busy) return;
    if (key === "erase") typed = typed.slice(0, -1);
    else if (key === "clear") typed = "";
    else if (typed.length < 6) typed += key;
    if (typed && key !== "erase") message.textContent = "";
    draw();
    if (typed.length < 6) return;
    busy = true;
    element.setAttribute("aria-busy", "true");
    const pin = typed;
    try {
      await options.onPin(pin);
    } finally {
      typed = "";
      busy = false;
      element.removeAttribute("aria-busy");
      draw();
    }
  }
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "erase"].map((key) => {
    const label = key === "clear" ? t("Clear") : key === "erase" ? [icon("erase")] : key;
    return button(label, () => press(key), { kind: "key", "aria-label": key === "erase" ? t("Delete the last digit") : undefined });
  });
  const element = h("div", { class: "pin-pad" }, dots, message, h("div", { class: "keys" }, keys));
  draw();
  return {
    element,
    clear: () => press("clear"),
    /** @param {string} text */
    tell: (text) => {
      message.textContent = text;
    },
    /** Digits from a keyboard. @param {KeyboardEvent} event */
    keyboard(event) {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (/^[0-9]$/.test(event.key)) press(event.key);
      else if (event.key === "Backspace") press("erase");
      else return;
      event.preventDefault();
    },
  };
}
