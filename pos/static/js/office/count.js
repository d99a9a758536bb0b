// @ts-check
/**
 * Counting by scanning, anywhere on the page. Each scan is kept here, with an id of its own, until the server has it: scans that
 * come faster than answers wait their turn, a lost answer is asked again, and nothing counts twice. Without a script the form does.
 */
import { button, byId, fill, h, iconsFrom } from "../lib/dom.js";
import { t, useWords } from "../lib/i18n.js";
import { recall, remember } from "../lib/keep.js";
import { play } from "../lib/sound.js";
import { uuid7 } from "../lib/uuid7.js";
import { createScanner } from "../till/scanner.js";
import { cameraView } from "./camera.js";

const AGAIN = 3000;

/** @typedef {{form_id: string, code: string, quantity: string, whole?: string}} Scan */

const boot = JSON.parse(byId("boot").textContent);
useWords(boot.strings);
iconsFrom(boot.icons);
const KEY = `karya.count.${boot.count}`;
const address = `/back-office/stock/counts/${boot.count}`;
/** @type {Scan[]} */
let queue = recall(KEY) ?? [];
let running = false;

const said = h("p", { class: "count-said", role: "status" });
const waiting = h("p", { class: "soft", role: "status" });
const problems = h("div", { class: "stack", role: "alert" });
fill(byId("count-tools"), said, waiting, problems, cameraView((code) => take(code)));

const page = () => byId("count-page");
const form = () => /** @type {HTMLFormElement|null} */ (page().querySelector("form.scan"));

/** One code, with the pieces that were typed beside it. @param {string} code */
function take(code) {
  const fields = form()?.elements;
  const quantity = /** @type {any} */ (fields?.namedItem("quantity"));
  const whole = /** @type {any} */ (fields?.namedItem("whole"));
  add(code, quantity?.value, whole?.checked);
  if (quantity) quantity.value = "1";
  if (whole) whole.checked = false;
}

/** Keep a scan and send it when its turn comes. @param {string} code @param {any} quantity @param {any} whole */
function add(code, quantity, whole) {
  queue.push({ form_id: uuid7(), code, quantity: String(quantity || "1"), ...(whole ? { whole: "1" } : {}) });
  remember(KEY, queue);
  run();
}

/** Send what waits, one after the other. A question about the lot comes first. */
async function run() {
  if (running) return;
  running = true;
  try {
    while (queue.length && !page().querySelector(".lot-choice")) {
      tellWaiting(false);
      if (!(await send(queue[0]))) {
        tellWaiting(true);
        await new Promise((go) => setTimeout(go, AGAIN));
        continue;
      }
      queue.shift();
      remember(KEY, queue.length ? queue : null);
    }
  } finally {
    running = false;
  }
  tellWaiting(false);
}

/** @param {boolean} silent */
function tellWaiting(silent) {
  const count = queue.length;
  waiting.textContent = !count ? "" : silent ? t("The server does not answer. %(count)s scans are kept here and sent by themselves.", { count }) : t("%(count)s scans wait.", { count });
}

/** True once the server has answered, whatever it said. @param {Scan} scan */
async function send(scan) {
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(Object.entries(scan)), signal: AbortSignal.timeout(10_000) });
    if (answer.status >= 500) return false;
    const seen = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = seen.getElementById("count-page");
    // Signed out meanwhile: the door comes first, and what waits is sent afterwards.
    if (!fresh) return answer.status < 400 ? (window.location.assign(address), false) : problem(scan, seen.querySelector("main")?.textContent ?? "");
    page().replaceChildren(...fresh.childNodes);
    const words = seen.querySelector("#main > .alert.good")?.textContent ?? "";
    if (answer.ok) {
      said.textContent = words;
      play("ok");
    } else if (page().querySelector(".lot-choice")) {
      play("no");
      page().querySelector("h2")?.scrollIntoView({ block: "center" });
    } else problem(scan, page().querySelector(".field .error")?.textContent ?? page().querySelector(".alert.danger")?.textContent ?? "");
    return true;
  } catch {
    return false;
  }
}

/** What was not counted stays on the screen until somebody has read it. @param {Scan} scan @param {string} text */
function problem(scan, text) {
  play("no");
  const one = h("div", { class: "alert danger" }, h("p", null, h("strong", null, t("Not counted: %(code)s", { code: scan.code })), " ", text.replace(/\s+/g, " ").trim()), button(t("Understood"), () => one.remove()));
  problems.append(one);
  return true;
}

const scanner = createScanner();
/** @type {{field: any, before: string}|null} */
let spoiled = null;
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !form()) return;
    const field = event.target instanceof HTMLInputElement ? event.target : null;
    const heard = scanner.key(event.key, event.timeStamp, field !== null);
    if (heard.kind === "typing" && heard.length === 1) spoiled = field && { field, before: field.value };
    if (heard.kind !== "scan") return;
    event.preventDefault();
    event.stopPropagation();
    if (spoiled && spoiled.field === field) /** @type {any} */ (field).value = spoiled.before;
    spoiled = null;
    take(heard.code);
  },
  true,
);

document.addEventListener("submit", (event) => {
  const sent = /** @type {HTMLFormElement} */ (event.target);
  if (!sent.matches("form.scan")) return;
  const fields = new FormData(sent);
  const code = String(fields.get("code") || fields.get("sku") || "").trim();
  if (!code) return;
  event.preventDefault();
  event.stopPropagation();
  sent.reset();
  add(code, fields.get("quantity"), fields.get("whole"));
}, true);

run();
