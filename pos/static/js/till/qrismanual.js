// @ts-check
/** Confirming a payment by hand: the reference from the merchant's own app, typed on keys of our own. */
import { button, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "erase"];

/** @param {(reference: string) => void} confirm */
export function manualForm(confirm) {
  const problem = h("p", { class: "form-message", role: "alert" });
  const warning = h("p", { class: "hint qr-unverified", hidden: true }, t("It stays unverified until the provider or a settlement file agrees."));
  const reference = h("input", {
    id: "reference",
    class: "input reference",
    autocomplete: "off",
    maxlength: "64",
    inputmode: "none",
    "data-typing": "text",
    on: { keydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && submit() },
  });
  const received = button(t("Payment received"), submit, { kind: "money big" });
  const keys = KEYS.map((key) => button(key === "erase" ? [icon("erase")] : key, () => type(key), { kind: "key", "aria-label": key === "erase" ? t("Delete the last digit") : undefined }));
  const element = h(
    "div",
    { class: "qr-confirm" },
    h("div", { class: "field" }, h("label", { for: "reference" }, t("Reference")), reference, h("p", { class: "hint" }, t("The number that the merchant app shows for this payment."))),
    h("div", { class: "keys digits" }, keys),
    warning,
    problem,
    received,
  );

  /** @param {string} key */
  function type(key) {
    reference.value = key === "erase" ? reference.value.slice(0, -1) : (reference.value + key).slice(0, 64);
    problem.textContent = "";
  }

  function submit() {
    const text = reference.value.trim();
    if (text) return confirm(text);
    problem.textContent = t("Type the reference of the payment.");
    reference.focus();
  }

  return {
    element,
    problem,
    warning,
    focus: () => reference.focus(),
    /** @param {boolean} busy */
    hold: (busy) => void (received.disabled = busy),
  };
}
