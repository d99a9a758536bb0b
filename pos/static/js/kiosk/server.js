// @ts-check
/** Everything the kiosk asks of the server; whatever was asked is asked again with the same id until there is an answer. */
import { ask, everyPage, sentence, Unanswered } from "../lib/api.js";
import { serverSays } from "../lib/time.js";
import { pause } from "../till/sale.js";
import { answered, saysEnough, seen, seenOrder } from "./machine.js";

/** @typedef {import("./app.js").App} App */

const EVERY = 4_000;
const PRODUCTS_EVERY = 20_000;
/** A payment is seen well within a second after the server knew of it. */
const FOLLOW = 700;
const FOLLOW_OVER = 3_000;

/** @param {App} app */
export function createServer(app) {
  const { store, boot } = app;
  let running = false;
  let productsAt = 0;
  /** Somebody was signed in here and may still be. */
  let owesLock = false;
  /** The server may have forgotten the call: it was away since. */
  let callAgain = false;

  /** Run what asks the server; a silence is no error, the next round asks again. @param {() => Promise<any>} job */
  async function quietly(job) {
    try {
      return await job();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      callAgain = store.get().officer === "called";
      return null;
    }
  }

  /** Ask for what is pending until the server has said what became of it. */
  async function settle() {
    if (running) return;
    running = true;
    for (let tries = 0; store.get().at.pending; tries += 1) {
      if (tries) await new Promise((run) => setTimeout(run, pause(tries)));
      const answer = await quietly(askOnce);
      if (answer) await take(answer);
      else if (store.get().at.pending) store.set({ silent: true });
    }
    running = false;
  }

  /** @returns {Promise<import("../lib/api.js").Answer|null>} null while nobody can say yet what became of it */
  async function askOnce() {
    const pending = /** @type {import("./machine.js").Pending} */ (store.get().at.pending);
    const path = pending.kind === "sale" ? "/api/v1/sales" : "/api/v1/orders";
    const answer = await ask("POST", path, pending.body, { timeout: 15_000 });
    if (saysEnough(store.get().at, answer)) return answer;
    const found = await ask("GET", `${path}/${pending.body.id}`);
    if (found.status === 200) return found;
    // The server works again and knows nothing of it: its first answer was the truth.
    return found.status === 404 ? { ...answer, status: 422 } : null;
  }

  /** @param {import("../lib/api.js").Answer} answer */
  async function take(answer) {
    if (answer.status >= 400) await products();
    app.go(answered(store.get().at, answer, sentence(answer, "")));
  }

  /** Look how the sale or the slip on the screen stands. */
  async function follow() {
    const { at } = store.get();
    if (at.screen === "qris" || at.screen === "over") {
      const answer = await quietly(() => ask("GET", `/api/v1/sales/${at.sale.id}`));
      if (answer?.ok) app.go(same(seen(store.get().at, answer.body)));
      // The books do not know it (any more): an older copy was restored.
      if (answer?.status === 404 && store.get().at.sale?.id === at.sale.id) app.restart();
    } else if (at.screen === "slip") {
      const answer = await quietly(() => ask("GET", `/api/v1/orders/${at.order.id}`));
      if (answer?.ok) app.go(same(seenOrder(store.get().at, answer.body)));
      if (answer?.status === 404 && store.get().at.order?.id === at.order.id) app.restart();
    }
    setTimeout(follow, store.get().at.screen === "qris" ? FOLLOW : FOLLOW_OVER);
  }

  /** The old state when nothing in it changed, so that nothing is drawn again. @param {import("./machine.js").State} next */
  function same(next) {
    const { at } = store.get();
    return JSON.stringify(next) === JSON.stringify(at) ? at : next;
  }

  async function products() {
    /** @type {string[]} */
    let kinds = [];
    const items = await quietly(async () => {
      try {
        return await everyPage(`/api/v1/products?register=${encodeURIComponent(boot.register.code)}`, (page) => (kinds = page.categories ?? []));
      } catch (error) {
        if (error instanceof Unanswered || !(/** @type {any} */ (error).answer)) throw error;
        return null;
      }
    });
    if (!items) return;
    productsAt = Date.now();
    if (!store.get().loaded || JSON.stringify([items, kinds]) !== JSON.stringify([store.get().products, store.get().kinds])) store.set({ products: items, kinds, loaded: true });
  }

  async function round() {
    if (owesLock) await lock();
    if (callAgain) await call(true);
    const answer = await quietly(() => ask("GET", "/kiosk/state"));
    // This browser is no kiosk any more: the server says what it is now.
    if (answer?.status === 404) return window.location.reload();
    if (answer?.ok && answer.body) heard(answer.body);
    if (Date.now() - productsAt > PRODUCTS_EVERY) await products();
    setTimeout(round, store.get().online ? EVERY : EVERY / 2);
  }

  /** @param {any} body */
  function heard(body) {
    serverSays(body.now);
    const { at, officer } = store.get();
    store.set({ printer: body.printer });
    if (officer === "called" && !body.called && !callAgain) store.set({ officer: "coming" });
    else if (body.called && officer !== "called") store.set({ officer: "called" });
    // The program was renewed while this page was open: it is loaded again while nobody stands here.
    if (body.build !== boot.build && at.screen === "start") window.location.reload();
  }

  /** @param {boolean} wanted */
  async function call(wanted) {
    const answer = await quietly(() => ask("POST", "/kiosk/call", { wanted }));
    if (!answer?.ok) return false;
    callAgain = false;
    store.set({ officer: wanted ? "called" : "no" });
    return true;
  }

  /** Give the payment up; the server says whether the money was quicker. @returns {Promise<string>} what went wrong */
  async function cancel() {
    const { at } = store.get();
    const answer = await quietly(() => ask("POST", `/api/v1/sales/${at.sale.id}/cancel`, {}, { timeout: 20_000 }));
    if (!answer) return "?";
    const told = answer.body?.sale ?? answer.body;
    if (typeof told?.status === "string" && told.lines) app.go(seen(store.get().at, told));
    return answer.ok ? "" : sentence(answer, "");
  }

  /** Give the slip back, so that its goods are free for a changed order. */
  async function dropSlip() {
    const { order } = store.get().at;
    const answer = await quietly(() => ask("DELETE", `/api/v1/orders/${order.id}`));
    return Boolean(answer?.ok);
  }

  async function lock() {
    owesLock = true;
    const answer = await quietly(() => ask("POST", "/till/lock", {}));
    owesLock = !answer?.ok;
  }

  /** @param {"id"|"en"} locale */
  const speak = (locale) => quietly(() => ask("POST", "/till/language", { locale }));

  return { settle, call, cancel, dropSlip, lock, speak, products, start: () => Promise.all([round(), follow()]) };
}

/** @typedef {ReturnType<typeof createServer>} Server */
