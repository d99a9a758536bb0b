// @ts-check
/** Following a till: its scene within this browser or through the server, and the server's word about the sale. */
import { ask, Unanswered } from "../lib/api.js";
import { serverSays } from "../lib/time.js";
import { FRESH, isNewer } from "./stage.js";

/** @typedef {import("./stage.js").Scene} Scene */
/** @typedef {{scene: Scene|null, sale: any, online: boolean}} Followed */

/** How often the server is asked, in ms: while a payment is awaited, through the server alone, else, and without an answer. */
const WAITING = 700;
const FAR = 1_000;
const CALM = 5_000;
const LOST = 2_000;
/** So long after its last word the till counts as heard within this browser, in ms. */
const NEAR = 15_000;

/** @param {string} register @param {string} build @param {(now: Followed) => void} show */
export function followTill(register, build, show) {
  const path = `/display/${encodeURIComponent(register)}/state`;
  const channel = new BroadcastChannel(`karya.display.${register}`);
  /** @type {Scene|null} */
  let scene = null;
  let told = 0;
  let heard = -NEAR;
  /** @type {any} */
  let sale = null;
  let online = true;
  /** @type {any} */
  let timer = null;
  let asking = false;
  let again = false;

  const age = () => performance.now() - told;
  const current = () => (scene && age() < FRESH ? scene : null);
  const near = () => performance.now() - heard < NEAR;
  const draw = () => show({ scene: current(), sale, online });

  /** @param {Scene} next */
  function take(next) {
    if (!isNewer(scene, age(), next)) return;
    const other = next.sale !== (scene?.sale ?? null);
    scene = next;
    told = performance.now();
    if (other) hurry();
    draw();
  }

  function hurry() {
    again = asking;
    if (asking) return;
    clearTimeout(timer);
    timer = setTimeout(round, 0);
  }

  async function round() {
    asking = true;
    const about = near() ? current()?.sale ?? "" : null;
    try {
      const answer = await ask("GET", about === null ? path : `${path}?near=1&sale=${about}`, undefined, { timeout: 4_000 });
      // This browser may not follow any more: the page says what to do.
      if (answer.status === 401) window.location.reload();
      online = answer.ok;
      if (answer.ok) hear(answer.body, about);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      online = false;
    }
    asking = false;
    draw();
    clearTimeout(timer);
    timer = setTimeout(round, again ? 0 : pause());
    again = false;
  }

  /** @param {any} body @param {string|null} about the sale that was asked about; null: whatever the server knows */
  function hear(body, about) {
    serverSays(body.now);
    // The program was renewed: nothing is lost by loading the page again.
    if (body.build !== build) return window.location.reload();
    if (body.scene) take(body.scene);
    if (about === null || body.sale?.id === current()?.sale) sale = body.sale;
  }

  function pause() {
    if (!online) return LOST;
    if (!near()) return FAR;
    return current()?.sale && (sale?.id !== current()?.sale || sale?.status === "awaiting_payment") ? WAITING : CALM;
  }

  channel.addEventListener("message", ({ data }) => {
    if (!data?.scene) return;
    heard = performance.now();
    take(data.scene);
  });
  channel.postMessage({ hello: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    channel.postMessage({ hello: true });
    hurry();
  });
  round();
}
