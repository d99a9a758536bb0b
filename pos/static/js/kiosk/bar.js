// @ts-check
/** The row that stands at the bottom of every screen: language, large letters, contrast, low position, an officer. */
import { button, byId, fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {import("./server.js").Server} server */
export function barView(app, server) {
  const { store } = app;
  const bar = byId("bar");

  /** @param {keyof import("./app.js").Comfort} what */
  const toggle = (what) => () => store.set({ comfort: { ...store.get().comfort, [what]: !store.get().comfort[what] } });

  /** @param {"id"|"en"} locale */
  function speak(locale) {
    store.set({ locale });
    server.speak(locale);
  }

  function draw() {
    const { locale, comfort, officer } = store.get();
    const other = locale === "id" ? { code: "en", label: "English" } : { code: "id", label: "Indonesia" };
    const focused = /** @type {any} */ (document.activeElement)?.dataset?.bar;
    /** @param {string} name @param {string} sign @param {string} words @param {() => void} act @param {Record<string, any>} [more] */
    const item = (name, sign, words, act, more = {}) => button([icon(sign), h("span", null, words)], act, { kind: "bar-item", "data-bar": name, ...more });
    fill(
      bar,
      button([h("span", null, other.label)], () => speak(/** @type {"id"|"en"} */ (other.code)), { kind: "bar-item", "data-bar": "language", lang: other.code }),
      item("large", "letters", t("Large letters"), toggle("large"), { "aria-pressed": String(comfort.large) }),
      item("contrast", "contrast", t("Strong contrast"), toggle("contrast"), { "aria-pressed": String(comfort.contrast) }),
      item("low", "lower", t("Lower position"), toggle("low"), { "aria-pressed": String(comfort.low) }),
      h(
        "div",
        { class: "bar-officer", role: "status" },
        item("officer", "bell", { no: t("Call an officer"), called: t("An officer is called"), coming: t("An officer is coming") }[officer], () => server.call(officer !== "called"), {
          "aria-pressed": String(officer !== "no"),
        }),
      ),
    );
    if (focused) /** @type {any} */ (bar.querySelector(`[data-bar="${focused}"]`))?.focus();
  }

  store.watch(["locale", "comfort", "officer"], draw);
  store.watch(["comfort"], ({ comfort }) => {
    const { classList } = document.documentElement;
    for (const [name, on] of Object.entries(comfort)) classList.toggle(`kiosk-${name}`, on);
  });
}
