// @ts-check
/** The till: reads the page's data, builds the parts, and decides which of them is on the screen. */
import { setUpApi } from "../lib/api.js";
import { byId, iconsFrom } from "../lib/dom.js";
import { dialogOpen } from "../lib/dialog.js";
import { useWords, t } from "../lib/i18n.js";
import { rupiah } from "../lib/money.js";
import { play } from "../lib/sound.js";
import { useZone } from "../lib/time.js";
import { createApp } from "./app.js";
import { loadApproval } from "./approve.js";
import { addTo, nameOf } from "./cart.js";
import { cartView } from "./cartview.js";
import { changeView } from "./change.js";
import { gridView } from "./grid.js";
import { headerView } from "./header.js";
import { watchIdle } from "./idle.js";
import { noticesView } from "./jobs.js";
import { createPay } from "./pay.js";
import { ordersView } from "./orders.js";
import { payButtons } from "./paybuttons.js";
import { createQris } from "./qris.js";
import { scanAnywhere } from "./scan.js";
import { createServer } from "./server.js";
import { signInView } from "./signin.js";
import { hush, later, toast } from "./toast.js";
import { paidWords } from "./words.js";

/** What the first sale does without is asked for so long after the page, in ms. */
const LATER = 3000;

/** @type {import("./app.js").Boot} */
const boot = JSON.parse(byId("boot").textContent);
useWords(boot.strings);
useZone(boot.zone);
iconsFrom(boot.icons);

const app = createApp(boot);
const { store } = app;
setUpApi({ locale: boot.locale, onContact: (online, away = "") => store.set({ online, away }) });
const server = createServer(app);
const qris = createQris(app, { finish: (sale) => pay.finish(sale), refresh: server.refresh, pay: (tenders, total) => pay.pay(tenders, total) });
const pay = createPay(app, server, qris.show);

/** Put a product in the cart; the tap also ends the change of the last sale. @param {import("./cart.js").Product} product */
async function add(product) {
  if (store.get().pending) return pay.queue(product.sku);
  store.set({ done: null, screen: "sell" });
  const own = () => store.get().cart.order?.held[product.sku] ?? 0;
  if (product.available + own() <= 0) {
    // It may have come in since: ask before saying no.
    await server.refreshProducts();
    if ((store.get().catalogue.bySku.get(product.sku)?.available ?? 0) + own() <= 0) {
      play("no");
      const found = { label: t("Goods in hand? Count in"), act: async () => (await countIn([{ sku: product.sku, quantity: 1, available: 0 }])) && add(product) };
      return toast(t("%(name)s is sold out.", { name: nameOf(product, boot.locale) }), found, 9000);
    }
  }
  play("ok");
  app.setCart(addTo(store.get().cart, product.sku));
}

async function lock() {
  await server.lock();
  hush();
  for (const dialog of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (dialog).close();
  store.set({ user: null, done: null, refusal: null, screen: "sell", query: "", category: "" });
  app.loadCart();
}

async function signedIn() {
  server.outdate();
  await server.refresh();
  await server.refreshProducts();
  const { pending, cart, lastSale } = store.get();
  if (pending) pay.settle();
  // An empty cart shows it by itself.
  else if (cart.lines.length && lastSale) toast(`${t("Last sale %(number)s: %(total)s", { number: lastSale.number, total: rupiah(lastSale.total) })} · ${paidWords(lastSale)}`);
}

const selling = () => {
  const { user, shift } = store.get();
  return Boolean(user && !user.pin_once && shift && !shift.counted);
};
/** A list that is only read makes way for a scan; what is being typed or paid does not. */
const blocked = () => {
  if (store.get().screen !== "sell") return t("Go back to selling, then scan again.");
  const [first, ...more] = document.querySelectorAll("dialog[open]");
  if (first?.matches(".orders") && !more.length) /** @type {HTMLDialogElement} */ (first).close();
  else if (first) return t("Close the window first, then scan again.");
  return "";
};

headerView(app, { lock });
noticesView(app, { refresh: server.refresh, showQris: qris.show });
signInView(app, byId("signin"), signedIn);
gridView(app, add, async () => (await loadCheck())?.openPriceCheck(app, { add, refreshProducts: server.refreshProducts }));
const cartShown = cartView(app);
const orders = ordersView(app, server);
const paying = payButtons(app, pay.pay);
changeView(app, {
  reprint: async (sale) => (await loadActs())?.reprint(app, sale),
  correct: async (sale) => (await loadCorrect())?.correctPayment(app, sale, server.refresh),
  printAgain: async () => (await loadActs())?.printAgain(),
  again: pay.again,
  askNow: pay.askNow,
  countIn: async ({ shortages, sale, go }) => (await countIn(shortages)) && (sale ? pay.resume(sale) : (store.set({ refusal: null }), go?.())),
});

/** The day's sales come after the first load: a sale does without them. */
const loadToday = later(async () => (await import("./today.js")).todayView(app, { refresh: server.refresh, refreshProducts: server.refreshProducts, showQris: qris.show }));
store.watch(["screen"], async ({ screen }) => {
  if (screen === "today" && (await loadToday()) === null) store.set({ screen: "sell" });
});
const loadActs = later(() => import("./saleacts.js"));
const loadNewPin = later(async () => (await import("./newpin.js")).newPinView(app, byId("newpin"), server.refresh));
const loadOpening = later(async () => (await import("./openshift.js")).openShiftView(app, byId("open"), server.refresh));
/** A shift is opened once a day. */
const showOpening = async () => {
  const opening = await loadOpening();
  if (opening) opening.focus();
  else setTimeout(showOpening, LATER);
};
/** Few people choose a PIN, and each once. */
const showNewPin = async () => (await loadNewPin()) === null && setTimeout(showNewPin, LATER);
const loadAlarm = later(async () => (await import("./alarm.js")).createAlarm());
const loadCountIn = later(() => import("./countin.js"));
const loadKeys = () => import("../keyboard/main.js").catch(() => {});
const loadCorrect = later(() => import("./correct.js"));
const loadCheck = later(() => import("./pricecheck.js"));
const loadDisplay = later(async () => (await import("./display.js")).tellDisplay(app));
/** Goods in hand that the books don't know are counted in; true once they are. @param {any[]} lines what is short */
const countIn = async (lines) => Boolean(await (await loadCountIn())?.countIn(app, lines)) && (await server.refreshProducts(), true);
// Fetched while the till stands still, so that they are here when the server is not.
setTimeout(() => [loadToday(), loadAlarm(), orders.load(), loadCountIn(), loadDisplay(), loadKeys(), loadCorrect(), loadApproval(), cartShown.load(), loadCheck(), paying.load(), qris.load(), loadActs()], LATER);
scanAnywhere(app, { selling, blocked, loadAlarm, add, takeOrder: orders.take, refreshProducts: server.refreshProducts });
watchIdle({
  seconds: boot.idle_seconds,
  active: () => Boolean(store.get().user),
  held: () => qris.isOpen() || Boolean(store.get().pending),
  lock,
});

if (boot.training) import("./training.js").then((part) => part.practise(app));

let shown = "";
store.watch(["user", "shift", "screen", "known"], ({ user, shift, screen, known }) => {
  const view = !known ? "wait" : !user ? "signin" : user.pin_once ? "newpin" : !shift ? "open" : shift.counted ? "counted" : screen;
  for (const name of ["wait", "signin", "newpin", "open", "counted", "sell", "today"]) byId(name).hidden = name !== view;
  document.body.dataset.view = view;
  if (view === "open" && shown !== "open") showOpening();
  if (view === "newpin") showNewPin();
  shown = view;
});
// A person who signed in again in another window of this browser finds the cart as it was left there.
window.addEventListener("storage", () => store.get().pending || dialogOpen() || app.loadCart());

await server.start();
// A sale that was on its way when the page was left is asked for again, with its own id.
if (store.get().pending) pay.settle();
