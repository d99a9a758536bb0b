// @ts-check
/** The row that stands at the bottom of every screen: language, sound, large letters, contrast, low position, an officer. */
import { button, byId, fill, h, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {import("./app.js").App} App */

/** The levels of the sound in the order of taps: normal first, then loud, soft, silent. */
const NEXT = [2, 0, 3, 1];
/** What is said of each. */
export const LEVELS = ["sound-off", "sound-soft", "sound-normal", "sound-loud"];
/** The key of a keypad that is the button for the sound, for whoever cannot see it. */
const SOUND_KEY = "*";

/** @param {App} app @param {import("./server.js").Server} server */
export function barView(app, server) {
  const { store } = app;
  const bar = byId("bar");

  /** @param {"large"|"contrast"|"low"} what */
  const toggle = (what) => () => app.ease({ [what]: !store.get().comfort[what] });
  const sound = () => app.ease({ sound: NEXT[store.get().comfort.sound] });

  /** @param {"id"|"en"} locale */
  function speak(locale) {
    store.set({ locale });
    server.speak(locale);
  }

  function draw() {
    const { locale, comfort, officer } = store.get();
    const other = locale === "id" ? { code: "en", label: "English" } : { code: "id", label: "Indonesia" };
    const focused = /** @type {any} */ (document.activeElement)?.dataset?.bar;
    /** @param {string} name @param {string} sign @param {string} words @param {() => void} act @param {boolean} pressed @param {string} said */
    const item = (name, sign, words, act, pressed, said) => button([icon(sign), h("span", null, words)], act, { kind: "bar-item", "data-bar": name, "aria-pressed": String(pressed), "data-say": said });
    /** @param {"large"|"contrast"|"low"} name @param {string} sign @param {string} words */
    const easy = (name, sign, words) => item(name, sign, words, toggle(name), comfort[name], `${name} ${comfort[name] ? "on" : "off"}`);
    const volume = [t("Sound"), t("Sound: soft"), t("Sound: normal"), t("Sound: loud")][comfort.sound];
    fill(
      bar,
      button([h("span", null, other.label)], () => speak(/** @type {"id"|"en"} */ (other.code)), { kind: "bar-item", "data-bar": "language", "data-say": "language", lang: other.code }),
      item("sound", comfort.sound ? "sound" : "mute", volume, sound, comfort.sound > 0, LEVELS[comfort.sound]),
      easy("large", "letters", t("Large letters")),
      easy("contrast", "contrast", t("Strong contrast")),
      easy("low", "lower", t("Lower position")),
      h(
        "div",
        { class: "bar-officer", role: "status" },
        item("officer", "bell", { no: t("Call an officer"), called: t("An officer is called"), coming: t("An officer is coming") }[officer], () => server.call(officer !== "called"), officer !== "no", officer === "no" ? "officer" : `officer-${officer}`),
      ),
    );
    if (focused) /** @type {any} */ (bar.querySelector(`[data-bar="${focused}"]`))?.focus();
  }

  document.addEventListener("keydown", (event) => event.key === SOUND_KEY && !(event.target instanceof HTMLInputElement) && sound());
  store.watch(["locale", "comfort", "officer"], draw);
  store.watch(["comfort"], ({ comfort }) => {
    const { classList } = document.documentElement;
    for (const [name, on] of Object.entries(comfort)) classList.toggle(`kiosk-${name}`, Boolean(on));
  });
}
