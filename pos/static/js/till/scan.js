// @ts-check
/** Scans anywhere on the page. An unknown code is loud: two low tones and a red bar that must be tapped away. */
import { ask, Unanswered } from "../lib/api.js";
import { play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { orderIn } from "./ordercode.js";
import { createScanner } from "./scanner.js";
import { toast } from "./toast.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {{selling: () => boolean, add: (product: any) => void, takeOrder: (id: string) => Promise<unknown>, refreshProducts: () => Promise<void>, blocked: () => string, loadAlarm: () => Promise<{raise: (code: string) => void}|null>}} act `blocked`: why nothing can be scanned now */
export function scanAnywhere(app, act) {
  const scanner = createScanner();
  const alarmOpen = () => document.querySelector("dialog.alarm[open]") !== null;
  /** @type {{field: any, before: string}|null} what a field held before the burst typed into it */
  let spoiled = null;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || !act.selling()) return;
      const field = fieldOf(event.target);
      const heard = scanner.key(event.key, event.timeStamp, field !== null);
      if (heard.kind === "typing" && heard.length === 1) spoiled = field && { field, before: field.value };
      if (heard.kind !== "scan") return;
      // The Enter belongs to the scanner: it must not press the button that has the focus.
      event.preventDefault();
      event.stopPropagation();
      if (spoiled && spoiled.field === field) {
        field.value = spoiled.before;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      spoiled = null;
      scanned(heard.code);
    },
    true,
  );

  // Enter after a word in the search: the code it spells, or the only product it leaves.
  document.addEventListener("keydown", (event) => {
    const field = fieldOf(event.target);
    if (event.key !== "Enter" || event.defaultPrevented || field?.id !== "search" || !act.selling()) return;
    const { catalogue, category } = app.store.get();
    const words = field.value.trim();
    const found = catalogue.find(category, words);
    const meant = catalogue.scan(words) ?? (found.length === 1 ? found[0] : null);
    if (!words || (!meant && !/^\d{8,}$/.test(words))) return;
    event.preventDefault();
    app.store.set({ query: "" });
    if (meant) act.add(meant);
    else scanned(words);
  });

  /** @param {string} code */
  async function scanned(code) {
    if (app.lookUp) return app.lookUp(code);
    const order = orderIn(code);
    if (order && !alarmOpen()) return act.takeOrder(order);
    const blocked = alarmOpen() ? "" : act.blocked();
    if (blocked) {
      play("no");
      return toast(blocked);
    }
    const found = await productOf(app, code, act.refreshProducts);
    if (found) act.add(found);
    else {
      play("unknown");
      (await act.loadAlarm())?.raise(code);
    }
  }
}

/** The product of a code; perhaps it was added a minute ago at another machine. @param {App} app @param {string} code @param {() => Promise<void>} refreshProducts @returns {Promise<any>} */
export async function productOf(app, code, refreshProducts) {
  const known = app.store.get().catalogue.scan(code);
  if (known) return known;
  try {
    const answer = await ask("GET", `/api/v1/products?register=${encodeURIComponent(app.boot.register.code)}&barcode=${encodeURIComponent(code)}`, undefined, { timeout: 2000 });
    const found = answer.ok ? answer.body.items?.[0] : null;
    if (!found) return null;
    await refreshProducts();
    return app.store.get().catalogue.bySku.get(found.sku) ?? found;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return null;
  }
}

/** @param {EventTarget|null} target @returns {any} */
function fieldOf(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
}
