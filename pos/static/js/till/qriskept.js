// @ts-check
/** Which payments this browser is waiting for, kept over a reload and a power cut. No DOM in here. */
import { recall, remember } from "../lib/keep.js";

const MOST = 20;

/** @param {string} register */
export function keptPayments(register) {
  const key = `karya.qris.${register}`;
  const kept = recall(key);
  /** @type {{open: string, ids: string[]}} */
  let state = {
    open: typeof kept?.open === "string" ? kept.open : "",
    ids: Array.isArray(kept?.ids) ? kept.ids.filter((/** @type {unknown} */ id) => typeof id === "string") : [],
  };

  /** @param {{open: string, ids: string[]}} next */
  function keep(next) {
    state = next;
    remember(key, next.ids.length ? next : null);
  }

  return {
    ids: () => state.ids,
    /** The one whose code was on the screen. */
    open: () => state.open,
    /** @param {string} id */
    show: (id) => keep({ open: id, ids: [...state.ids.filter((one) => one !== id), id].slice(-MOST) }),
    /** It is waited for without its code on the screen. */
    park: () => keep({ ...state, open: "" }),
    /** Its end was seen. @param {string} id */
    forget: (id) => keep({ open: state.open === id ? "" : state.open, ids: state.ids.filter((one) => one !== id) }),
  };
}
