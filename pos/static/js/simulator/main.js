// @ts-check
/** The buyer's phone looks by itself for new codes; everything else are plain forms. */

const LOOK_EVERY = 1500;

/** @param {string} id @returns {HTMLElement} */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no #${id} on this page`);
  return found;
}

const codes = part("codes");
const news = part("news");
const gone = part("gone");

/** Whether somebody types an amount that a new list would wipe out. */
function typing() {
  const inputs = codes.querySelectorAll("input");
  return [...inputs].some((input) => input === document.activeElement || input.value !== input.defaultValue);
}

/** What has the focus inside the list, so that it can have it again: the form's address and the button. */
function focused() {
  const button = document.activeElement;
  if (!(button instanceof HTMLButtonElement) || !codes.contains(button) || !button.form) return "";
  return `form[action="${button.form.getAttribute("action")}"] button[value="${button.value}"]`;
}

/** Show another list. @param {Element} fresh */
function replace(fresh) {
  const newest = codes.querySelector("h3")?.id;
  const focus = focused();
  codes.replaceChildren(...fresh.childNodes);
  codes.dataset.version = fresh.getAttribute("data-version") ?? "";
  if (focus) /** @type {HTMLElement|null} */ (codes.querySelector(focus))?.focus();
  if (codes.querySelector("h3") && codes.querySelector("h3")?.id !== newest) news.textContent = news.dataset.new ?? "";
  else news.textContent = "";
}

async function look() {
  try {
    const answer = await fetch("/simulator", { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("codes");
    if (fresh && fresh.dataset.version !== codes.dataset.version && !typing()) replace(fresh);
    gone.hidden = true;
  } catch {
    gone.hidden = false;
  }
}

const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });

/** How long ago, in the page's language. @param {number} seconds */
function ago(seconds) {
  if (seconds < 90) return words.format(-Math.max(1, seconds), "second");
  if (seconds < 5400) return words.format(-Math.round(seconds / 60), "minute");
  return words.format(-Math.round(seconds / 3600), "hour");
}

function tick() {
  for (const time of codes.querySelectorAll("time[data-age]")) {
    const made = Date.parse(time.getAttribute("datetime") ?? "");
    time.textContent = ago(Math.floor((Date.now() - made) / 1000));
  }
}

async function watch() {
  if (!document.hidden) await look();
  tick();
  setTimeout(watch, LOOK_EVERY);
}

setTimeout(watch, LOOK_EVERY);
setInterval(tick, 1000);
tick();
