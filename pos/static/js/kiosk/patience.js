// @ts-check
/** How long the kiosk waits for a visitor who does nothing. No DOM in here. */
import { mustStay } from "./machine.js";

/** Nothing is asked so long, in ms; then so long again to say that one is still here. */
export const QUIET = 60_000;
export const WARNING = 30_000;
/** What is only read is shown so long, counted down on its button. */
export const READING = { slip: 60_000, thanks: 45_000 };

/**
 * What an absence of `still` ms means on this screen.
 * @param {import("./machine.js").State} state @param {number} still
 * @returns {{kind: "stay"}|{kind: "reading"|"warn", left: number}|{kind: "leave"}}
 */
export function absence(state, still) {
  if (state.screen === "start" || mustStay(state)) return { kind: "stay" };
  if (state.screen === "slip" || state.screen === "thanks") {
    const left = READING[state.screen] - still;
    return left > 0 ? { kind: "reading", left } : { kind: "leave" };
  }
  if (still < QUIET) return { kind: "stay" };
  const left = QUIET + WARNING - still;
  return left > 0 ? { kind: "warn", left } : { kind: "leave" };
}
