// @ts-check
/** Watching for a visitor who went away: a question, half a minute for the answer, and back to the start. Never while money moves. */
import { button, h, say } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { t } from "../lib/i18n.js";
import { absence, QUIET } from "./patience.js";

/** @param {import("./app.js").App} app @param {{held: () => boolean, reading: (left: number) => void, alone: () => void}} act `held`: staff are at work here; `alone`: nobody began */
export function watchAbsence(app, { held, reading, alone }) {
  const { store } = app;
  let last = Date.now();
  /** @type {{close: () => void, seconds: HTMLElement}|null} */
  let asked = null;

  const touched = () => {
    last = Date.now();
    asked?.close();
    asked = null;
    store.set({ asked: false });
    look();
  };
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched, { capture: true, passive: true });
  // Whoever comes to a new screen has just arrived there.
  let screen = store.get().at.screen;
  store.watch(["at"], ({ at }) => {
    if (at.screen !== screen) touched();
    screen = at.screen;
  });

  function look() {
    if (held()) last = Date.now();
    if (store.get().at.screen === "start" && Date.now() - last > QUIET) alone();
    const now = absence(store.get().at, Date.now() - last);
    if (now.kind === "leave") {
      touched();
      app.restart();
    } else if (now.kind === "warn") warn(now.left);
    else if (now.kind === "reading") reading(now.left);
    else if (asked) touched();
  }

  /** @param {number} left */
  function warn(left) {
    if (!asked) {
      const seconds = h("p", { class: "still-left", role: "timer" });
      const { close } = openDialog({
        title: t("Are you still there?"),
        kind: "still",
        closable: false,
        body: [h("p", { class: "pay-state" }, t("Touch the screen to go on. Otherwise the order is cleared for the next visitor.")), seconds, button(t("Go on"), touched, { kind: "primary huge wide", autofocus: true, "data-say": "go-on" })],
      });
      asked = { close, seconds };
      store.set({ asked: true });
    }
    say(asked.seconds, t("%(count)s seconds", { count: Math.ceil(left / 1000) }));
  }

  setInterval(look, 500);
}
