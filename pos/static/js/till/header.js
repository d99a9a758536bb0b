// @ts-check
/** The top of the till: where we are, how things are (in words), who is here, and the ways out. */
import { ask, Unanswered } from "../lib/api.js";
import { button, byId, fill, h, icon, say } from "../lib/dom.js";
import { setSound, soundOn, play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { printerTrouble, printerWords } from "./words.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {{lock: () => void}} act */
export function headerView(app, act) {
  const { store, boot } = app;
  const line = byId("status");
  const nav = byId("nav");
  const locale = boot.locale === "id" ? { code: "en", label: "English" } : { code: "id", label: "Indonesia" };
  const today = button([icon("list"), h("span", { class: "nav-text" }, t("Today's sales"))], () => store.set({ screen: store.get().screen === "today" ? "sell" : "today" }), { kind: "quiet", "aria-label": t("Today's sales") });
  const shift = h("a", { class: "button quiet", href: "/shift", "aria-label": t("Close the till") }, icon("drawer"), h("span", { class: "nav-text" }, t("Close the till")));
  const sound = button([icon(soundOn() ? "sound" : "mute")], toggleSound, { kind: "quiet", "aria-label": soundOn() ? t("Sound is on") : t("Sound is off") });
  const language = button(locale.label, switchLanguage, { kind: "quiet", lang: locale.code });
  const help = h("a", { class: "button quiet", href: "/help/till", "aria-label": t("Help") }, icon("help"));
  const lock = button([icon("lock"), h("span", { class: "lock-words" })], act.lock, { kind: "quiet lock" });
  const screen = h("a", { class: "button quiet", href: "/screen", "aria-label": t("Screen and keyboard") }, icon("screen"));
  fill(nav, today, shift, sound, screen, language, help, lock);

  store.watch(["user", "shift", "screen"], ({ user, shift: open, screen }) => {
    today.hidden = shift.hidden = !user || !open;
    today.setAttribute("aria-pressed", String(screen === "today"));
    lock.hidden = !user;
    lock.querySelector(".lock-words").textContent = user ? t("Lock · %(name)s", { name: user.name }) : "";
  });

  store.watch(["status", "online"], ({ status, online }) => {
    const trouble = !online || printerTrouble(status?.printer) !== "";
    line.classList.toggle("trouble", trouble);
    say(line, [online ? t("Connected") : t("Server does not answer"), printerWords(status?.printer)].filter(Boolean).join(" · "));
  });

  function toggleSound() {
    setSound(!soundOn());
    sound.replaceChildren(icon(soundOn() ? "sound" : "mute"));
    sound.setAttribute("aria-label", soundOn() ? t("Sound is on") : t("Sound is off"));
    play("ok");
  }

  async function switchLanguage() {
    try {
      await ask("POST", "/till/language", { locale: locale.code });
      window.location.reload();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  }
}
