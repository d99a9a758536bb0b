// @ts-check
/** The top of the till: where we are, how things are (in words), who is here, and the ways out. */
import { ask } from "../lib/api.js";
import { button, byId, fill, h, icon, say } from "../lib/dom.js";
import { soundOn } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { later, trying } from "./toast.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {{lock: () => void}} act */
export function headerView(app, act) {
  const { store, boot } = app;
  const line = byId("status");
  const nav = byId("nav");
  const locale = boot.locale === "id" ? { code: "en", label: "English" } : { code: "id", label: "Indonesia" };
  const today = button([icon("list"), h("span", { class: "nav-text" }, t("Today's sales"))], () => store.set({ screen: store.get().screen === "today" ? "sell" : "today" }), { kind: "quiet", "aria-label": t("Today's sales") });
  const shift = h("a", { class: "button quiet", href: "/shift", "aria-label": t("Close the till") }, icon("drawer"), h("span", { class: "nav-text" }, t("Close the till")));
  const sound = button("", async () => (await loadSounds())?.soundMenu(drawSound), { kind: "quiet", "aria-label": t("Sounds") });
  const loadSounds = later(() => import("./soundmenu.js"));
  const drawSound = () => sound.replaceChildren(icon(soundOn() ? "sound" : "mute"));
  drawSound();
  const language = button(locale.label, () => switchLanguage(), { kind: "quiet", lang: locale.code });
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

  // Spoken when trouble comes and when it goes, not at every look; a date is no news.
  const news = h("p", { class: "visually-hidden", role: "status" });
  line.after(news);
  store.watch(["status", "online"], ({ status, online, away }) => {
    const { line: words = [], bad = [] } = status ?? {};
    // What the server said last about its surroundings is old once it is away; the date is not.
    const lost = away ? t("Data can't be saved now") : t("Server does not answer");
    const wrong = online ? bad : [lost];
    line.classList.toggle("trouble", wrong.length > 0);
    say(line, (online ? [t("Connected"), ...words] : [lost, ...words.slice(-1)]).join(" · "));
    const spoken = wrong.join(". ");
    if (spoken || news.textContent) say(news, spoken || t("All is well again."));
  });

  const switchLanguage = () =>
    trying(async () => {
      await ask("POST", "/till/language", { locale: locale.code });
      window.location.reload();
    });
}
