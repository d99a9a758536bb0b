// @ts-check
/**
 * Sales that wait for their QRIS payment: whose code is on the screen, and what became of those whose code is not any more. Which ones
 * this browser waits for is kept, so a reload or a power cut loses none.
 */
import { ask, Unanswered } from "../lib/api.js";
import { dialogOpen } from "../lib/dialog.js";
import { rupiah } from "../lib/money.js";
import { play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { keptPayments } from "./qriskept.js";
import { isOver, needsPerson, phaseOf } from "./qrisstate.js";
import { later, toast } from "./toast.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./sale.js").Tender} Tender */

const LONG = 20_000;

/** @param {App} app @param {{finish: (sale: any) => void, refresh: () => Promise<unknown>, pay: (tenders: Tender[], total: number) => void}} act */
export function createQris(app, act) {
  const { store } = app;
  const kept = keptPayments(app.boot.register.code);
  /** @type {Set<string>} parked payments that are being asked about this moment */
  const looking = new Set();
  const load = later(() => import("./qriswindow.js"));
  let open = "";

  /** @param {any} sale @param {{returning?: boolean}} [how] returning: it was on the screen when the page was left */
  async function show(sale, { returning = false } = {}) {
    if (open) return;
    open = sale.id;
    store.set({ code: open });
    // What ended while a person watched gives its cart back; an old sale that is only looked at does not.
    const watched = returning || !isOver(phaseOf(sale));
    if (watched) kept.show(sale.id);
    const part = await load();
    if (part && store.get().user) part.openCode(app, sale, { watched, kept, pay: act.pay, paid: act.finish, ended });
    else ended();
  }

  function ended() {
    open = "";
    store.set({ code: null });
    act.refresh();
    lookAround();
  }

  /** Look what became of payments that are waited for without their code on the screen. */
  function lookAround() {
    const { user, known, waiting, pending } = store.get();
    if (!known || !user || pending || open || dialogOpen()) return;
    const still = new Set(waiting.map((/** @type {any} */ sale) => sale.id));
    for (const id of kept.ids()) if (id === kept.open() || !still.has(id)) look(id);
  }

  /** @param {string} id */
  async function look(id) {
    if (looking.has(id)) return;
    looking.add(id);
    try {
      const answer = await ask("GET", `/api/v1/sales/${id}`);
      if (answer.ok && !open && store.get().user) tell(answer.body);
      else if (answer.status === 404) kept.forget(id);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    } finally {
      looking.delete(id);
    }
  }

  /** @param {any} sale */
  function tell(sale) {
    const phase = phaseOf(sale);
    const returning = kept.open() === sale.id;
    if (phase === "making" || phase === "waiting") return returning ? show(sale) : undefined;
    if (returning && phase === "paid") {
      kept.forget(sale.id);
      return act.finish(sale);
    }
    if (returning || needsPerson(phase)) return show(sale, { returning });
    kept.forget(sale.id);
    if (phase === "paid") {
      play("paid");
      return toast(t("Paid by QRIS: %(total)s, receipt %(number)s.", { total: rupiah(sale.total), number: sale.number ?? "" }), undefined, LONG);
    }
    play("no");
    toast(t("%(total)s by QRIS was not paid; its goods are back in stock.", { total: rupiah(sale.total) }), undefined, LONG);
  }

  store.watch(["waiting", "user", "known", "pending"], lookAround);

  return { show, load, isOpen: () => open !== "" };
}
