// @ts-check
/** Paying: one id a sale, asked until there is an answer; what the answer means is decided in sale.js. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { rupiah } from "../lib/money.js";
import { uuid7 } from "../lib/uuid7.js";
import { askApproval } from "./approve.js";
import { confirmClock } from "./clock.js";
import { addTo, emptyCart, fixed } from "./cart.js";
import { failureOf } from "./failures.js";
import { outcomeOf, pause, saleBody } from "./sale.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("../lib/api.js").Answer} Answer */

/** @param {App} app @param {{refresh: () => Promise<boolean>, refreshProducts: () => Promise<void>, soldSome: () => Promise<void>}} server @param {(sale: any, how?: {returning: boolean}) => void} showQris */
export function createPay(app, server, showQris) {
  const { store, boot } = app;
  let running = false;
  /** @type {string[]} products tapped while the answer is awaited: they are the next customer's */
  let next = [];
  /** @type {() => void} */
  let wake = () => {};

  /** @param {import("./sale.js").Tender[]} tenders @param {number} total */
  function pay(tenders, total) {
    const { pending, cart, user } = store.get();
    if (pending || !cart.lines.length) return;
    const body = saleBody(uuid7(), boot.register.code, fixed(cart, store.get().catalogue.bySku), tenders, total);
    store.set({ refusal: null, done: null });
    app.holdPending({ body, owner: user?.name ?? "", silent: false, message: "" });
    settle();
  }

  /** Ask until the server has said what became of the sale. */
  async function settle() {
    if (running) return;
    running = true;
    try {
      for (let tries = 0; store.get().pending && store.get().user; tries += 1) {
        if (tries) await Promise.race([new Promise((run) => setTimeout(run, pause(tries))), new Promise((run) => (wake = () => run(null)))]);
        try {
          const answer = await askOnce();
          if (answer) await take(answer);
        } catch (error) {
          if (!(error instanceof Unanswered)) throw error;
          keepAsking("");
        }
      }
    } finally {
      running = false;
    }
  }

  /** @param {import("./approval.js").Approval} [approval] */
  function post(approval) {
    const body = /** @type {any} */ (store.get().pending).body;
    return ask("POST", "/api/v1/sales", approval ? { ...body, approval } : body);
  }

  /** One try; null when nobody can say yet whether the sale is saved. @returns {Promise<Answer|null>} */
  async function askOnce() {
    const pending = store.get().pending;
    if (!pending) return null;
    const answer = await post();
    if (outcomeOf(answer) !== "unanswered") return answer;
    const found = await ask("GET", `/api/v1/sales/${pending.body.id}`);
    if (found.status === 200) return found;
    // The server works again and knows nothing of this sale: its first answer was the truth.
    if (found.status === 404) return { status: 422, ok: false, body: { code: "internal_error", detail: sentence(answer, "") } };
    keepAsking(sentence(answer, ""));
    return null;
  }

  /** @param {string} message */
  function keepAsking(message) {
    const pending = store.get().pending;
    if (pending) store.set({ pending: { ...pending, silent: true, message } });
  }

  /** @param {Answer} answer @returns {Promise<void>} */
  async function take(answer) {
    const outcome = outcomeOf(answer);
    const { body } = answer;
    if (outcome === "unanswered") return keepAsking(sentence(answer, ""));
    if (outcome === "done") return finish(body);
    if (outcome === "waiting") {
      letGo();
      server.refresh();
      return showQris(body, { returning: true });
    }
    if (outcome === "sign_in") return void (await server.refresh());
    if (outcome === "approval") {
      const pending = /** @type {any} */ (store.get().pending);
      // Nothing else about a sale is for somebody else to allow.
      const off = pending.body.lines.reduce((/** @type {number} */ sum, /** @type {any} */ line) => sum + (line.discount ?? 0), pending.body.discount ?? 0);
      const what = { title: t("Sale with a discount of %(amount)s", { amount: rupiah(off) }), amount: rupiah(pending.body.total) };
      const again = await askApproval({ people: boot.people, me: store.get().user?.name }, what, post, answer);
      return again ? take(again) : refuse(answer, t("It was not approved."));
    }
    if (outcome === "clock" && (await confirmClock(app, answer))) return;
    if (outcome === "price" || outcome === "stock") await server.refreshProducts();
    if (outcome === "shift") await server.refresh();
    refuse(answer);
  }

  /** @param {Answer} answer @param {string} [words] */
  function refuse(answer, words) {
    play("no");
    next = [];
    const sale = store.get().pending;
    app.holdPending(null);
    store.set({ refusal: { ...failureOf(answer, words), shortages: answer.body?.lines, sale } });
  }

  /** The same way of paying once more, as a sale of its own: the id of a refused one is not used up, but nobody needs it. */
  function again() {
    const { tenders, total } = /** @type {any} */ (store.get().refusal?.sale).body;
    pay(tenders, total);
  }

  /** What it lacked was counted in: the very same sale goes on. @param {import("./app.js").State["pending"]} sale */
  function resume(sale) {
    store.set({ refusal: null });
    app.holdPending(sale);
    settle();
  }

  /** The sale is saved: forget it here, and start the next cart with what was tapped meanwhile. */
  function letGo() {
    const pending = store.get().pending;
    app.forgetCart(pending?.owner ?? "");
    app.holdPending(null);
    const cart = next.reduce((started, sku) => addTo(started, sku), emptyCart());
    next = [];
    if (cart.lines.length) app.setCart(cart);
    store.set({ refusal: null });
  }

  /** @param {any} sale */
  function finish(sale) {
    letGo();
    play("paid");
    store.set({ done: sale, lastSale: sale });
    server.soldSome();
    server.refresh();
  }

  return {
    pay,
    again,
    settle,
    resume,
    finish,
    askNow: () => wake(),
    /** A product tapped while an answer is awaited. @param {string} sku */
    queue(sku) {
      if (store.get().pending?.silent) play("no");
      else next.push(sku);
    },
  };
}
