// @ts-check
/** What an unknown barcode raises, fetched while the till stands still. */
import { button, h, icon, say } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** The red bar. It is a window, so that nothing behind it can be tapped, paying least of all. */
export function createAlarm() {
  let count = 0;
  const words = h("p", { class: "alarm-words" });
  const bar = h(
    "dialog",
    { class: "alarm", role: "alertdialog", "aria-label": t("Unknown barcode") },
    icon("alert"),
    h("div", { class: "grow" }, h("p", { class: "alarm-title" }, t("This barcode is not known")), words),
    button(t("Understood"), () => bar.close(), { kind: "big" }),
  );
  bar.addEventListener("close", () => {
    count = 0;
    bar.remove();
  });
  return {
    /** @param {string} code */
    raise(code) {
      count += 1;
      say(words, count > 1 ? t("%(code)s, and %(count)s more. None of them is in the cart.", { code, count: count - 1 }) : t("%(code)s is not in the cart.", { code }));
      if (!bar.open) {
        document.body.append(bar);
        bar.showModal();
      }
    },
  };
}
