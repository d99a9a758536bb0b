// @ts-check
/** The kiosk: reads the page's data, builds the parts, and puts the screen of the moment on the page. */
import { setUpApi } from "../lib/api.js";
import { byId, fill, iconsFrom, say } from "../lib/dom.js";
import { t, useWords } from "../lib/i18n.js";
import { play } from "../lib/sound.js";
import { useZone } from "../lib/time.js";
import { createApp } from "./app.js";
import { barView } from "./bar.js";
import { chooseScreen } from "./choose.js";
import { slipScreen, thanksScreen } from "./ends.js";
import { guardPage, whenHeld } from "./guard.js";
import { watchAbsence } from "./idle.js";
import { askingScreen, overScreen, qrisScreen } from "./pay.js";
import { reviewScreen } from "./review.js";
import { createServer } from "./server.js";
import { startScreen } from "./start.js";

/** Hold the mark in the corner so long, in ms. */
const GESTURE = 2500;
/** A new screen takes no taps so long, in ms. */
const ARMED_AFTER = 350;

/** @type {import("./app.js").Boot} */
const boot = JSON.parse(byId("boot").textContent);
useZone(boot.zone);
iconsFrom(boot.icons);
speak(boot.locale);
const app = createApp(boot);
const { store } = app;
const server = createServer(app);
const main = byId("main");

const screens = { start: startScreen, choose: chooseScreen, review: reviewScreen, asking: askingScreen, qris: qrisScreen, over: overScreen, slip: slipScreen, thanks: thanksScreen };
/** @type {{element: any, draw: (left?: number) => void}} */
let shown = { element: null, draw: () => {} };
let name = "";
/** @type {any} */
let arming = null;

/** @param {"id"|"en"} locale */
function speak(locale) {
  useWords(locale === "id" ? boot.strings : {});
  setUpApi({ locale, onContact: (online) => store.set({ online }) });
  document.documentElement.lang = locale;
}

function build() {
  name = store.get().at.screen;
  shown = screens[/** @type {keyof typeof screens} */ (name)](app, server);
  fill(main, shown.element);
  document.body.dataset.screen = name;
  // A double tap must not press what appears under the finger.
  main.classList.add("fresh");
  clearTimeout(arming);
  arming = setTimeout(() => main.classList.remove("fresh"), ARMED_AFTER);
  shown.draw();
  // Whoever hears the page is told where they are now.
  main.querySelector("h1")?.focus({ preventScroll: true });
}

/** What the frame of the page says. */
function frame() {
  const demo = document.querySelector(".demo-stripe");
  if (demo) say(demo, t("Demo shop: nothing here is a real sale."));
  const skip = document.querySelector(".skip");
  if (skip) say(skip, t("Skip to the content"));
  byId("bar").setAttribute("aria-label", t("Help"));
}

store.watch(["locale"], ({ locale }) => {
  speak(locale);
  frame();
  build();
});
store.watch(["at", "products", "loaded", "online", "printer", "officer", "silent"], ({ at }) => {
  if (at.screen === name) return shown.draw();
  if (at.screen === "thanks") play("paid");
  if (at.refusal) play("no");
  build();
  if (at.screen === "start") welcome();
});
const calm = new Set(["qris", "asking", "over"]);
store.watch(["online", "at"], ({ online, at }) => say(byId("trouble"), online || calm.has(at.screen) ? "" : t("The kiosk does not reach its server. It keeps trying; what you chose is kept.")));
setInterval(() => name === "qris" && shown.draw(), 500);

/** The next visitor finds the kiosk as it was made. */
function welcome() {
  app.plain();
  if (store.get().officer === "coming") store.set({ officer: "no" });
  if (store.get().locale === boot.home) return;
  store.set({ locale: boot.home });
  server.speak(boot.home);
}

/** @type {Promise<void>|null} */
let voice = null;
store.watch(["comfort"], ({ comfort }) => {
  if (comfort.sound) voice ??= import("./voice.js").then(({ startVoice }) => startVoice(app)).catch(() => void (voice = null));
});

let staff = false;
whenHeld(byId("corner"), GESTURE, async () => {
  if (staff) return;
  staff = true;
  try {
    const { openStaff } = await import("./staff.js");
    openStaff(app, server, () => (staff = false));
  } catch {
    // Without a server nobody can sign in either.
    staff = false;
  }
});

barView(app, server);
guardPage();
watchAbsence(app, { held: () => staff, reading: (left) => shown.draw(left), alone: welcome });
server.start();
// What was asked for when the page was left is asked for again, with its own id.
if (store.get().at.pending) server.settle();
setTimeout(() => [import("./staff.js").catch(() => {}), import("../keyboard/main.js").catch(() => {})], 3000);
