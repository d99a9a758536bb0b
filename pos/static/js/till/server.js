// @ts-check
/** Keeping the till's picture of the server fresh: who is signed in, the shift, the printer, the products. */
import { ask, everyPage, Unanswered } from "../lib/api.js";
import { recall, remember } from "../lib/keep.js";
import { play } from "../lib/sound.js";
import { serverSays } from "../lib/time.js";
import { createCatalogue } from "./catalogue.js";

/** @typedef {import("./app.js").App} App */

const EVERY = 10_000;
/** A database over a network may be gone at any moment, and whoever serves should know before the next customer does. */
const EVERY_WHEN_FAR = 1_500;
const EVERY_WHEN_LOST = 2_000;
const PRODUCTS_EVERY = 60_000;
const SMALL_LIST = 500;

/** @param {App} app */
export function createServer(app) {
  const { store } = app;
  let productsAt = 0;
  let heard = "";
  /** Counts who-is-here changes that this page made itself: an answer asked for before one must not undo it. */
  let changes = 0;
  /** The till was locked and the server has not heard of it: it hears of it before it is asked anything, or it would unlock the till. */
  const LOCKED = `karya.locked.${app.boot.register.code}`;

  async function tellLock() {
    try {
      await ask("POST", "/till/lock", {});
      remember(LOCKED, null);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  }

  async function lock() {
    changes += 1;
    remember(LOCKED, true);
    await tellLock();
    changes += 1;
  }

  /** Somebody signed in: what this page asked for before does not count any more. */
  function outdate() {
    changes += 1;
    remember(LOCKED, null);
  }

  /** Ask for the state once; false when there was no answer. */
  async function refresh() {
    if (recall(LOCKED)) await tellLock();
    if (recall(LOCKED)) return false;
    const asked = changes;
    try {
      const answer = await ask("GET", "/till/state");
      if (asked !== changes) return false;
      // This browser is no register any more: the server says what it is now.
      if (answer.status === 404) window.location.reload();
      if (!answer.ok || !answer.body) return false;
      take(answer.body);
      return true;
    } catch (error) {
      if (error instanceof Unanswered) return false;
      throw error;
    }
  }

  /** @param {any} body */
  function take(body) {
    serverSays(body.now);
    const before = store.get();
    // The program was renewed while this page was open: it is loaded again while nobody works at it.
    if (body.build && body.build !== app.boot.build && !body.user && !before.pending) window.location.reload();
    if ((body.calls ?? []).length > before.calls.length) play("no");
    const changedUser = before.user?.name !== body.user?.name;
    store.set({
      user: same(before.user, body.user),
      shift: same(before.shift, body.shift),
      status: same(before.status, body.status ?? {}),
      waiting: same(before.waiting, body.waiting ?? []),
      orders: same(before.orders, body.orders ?? []),
      late: same(before.late, body.late ?? []),
      calls: same(before.calls, body.calls ?? []),
      jobs: same(before.jobs, body.unknown_jobs ?? []),
      lastSale: same(before.lastSale, body.last_sale ?? null),
      paper: same(before.paper, body.paper ?? null),
      known: true,
    });
    if (changedUser) app.loadCart();
  }

  /** After a sale a small list is asked for again; a large one waits for its minute. */
  async function soldSome() {
    if (store.get().catalogue.products.length <= SMALL_LIST) await refreshProducts();
  }

  async function refreshProducts() {
    if (!store.get().user) return;
    try {
      /** @type {any} */
      let page;
      const items = await everyPage(`/api/v1/products?register=${encodeURIComponent(app.boot.register.code)}`, (one) => (page = one));
      productsAt = Date.now();
      const now = JSON.stringify([items, page.categories]);
      if (now !== heard) store.set({ catalogue: createCatalogue(items, page.categories) });
      heard = now;
    } catch {
      // The next round asks again; what is shown stays, and the server decides when it is sold.
    }
  }

  async function round() {
    await refresh();
    if (store.get().user && Date.now() - productsAt > PRODUCTS_EVERY) await refreshProducts();
    const calm = app.boot.far ? EVERY_WHEN_FAR : EVERY;
    setTimeout(round, store.get().online ? calm : EVERY_WHEN_LOST);
  }

  return { refresh, outdate, lock, refreshProducts, soldSome, start: round };
}

/** Keep the old object when nothing in it changed, so that nothing is drawn again. @param {any} before @param {any} now */
function same(before, now) {
  return JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
