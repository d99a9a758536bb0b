// @ts-check
/** Measures the screen with a card: the frame follows the keys, the answer is in millimetres. */
import { button, byId, fill, h } from "../lib/dom.js";
import { advise, CARD, cardWidth, measured, room } from "./scale.js";

/** Nobody touched the page so long: it goes back to where it was opened from, so that no kiosk is left here. */
const AWAY = 180_000;

const page = byId("main");
const frame = byId("frame");
const wide = byId("wide");
const result = byId("result");
const size = Number(page.dataset.size);
let um = Number(page.dataset.um) || 200;
let px = cardWidth(um);
const most = () => room(window.innerWidth, window.innerHeight);

/** A number as it is written here, with so many decimals. @param {number} value @param {number} [decimals] */
const figure = (value, decimals = 1) => value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** @param {string} words @param {Record<string, string>} values */
const put = (words, values) => words.replace(/__(\w+)__/g, (_all, name) => values[name]);

function drawFrame() {
  // A card that is wider than its place is held upright.
  const upright = px > frame.parentElement.clientWidth;
  frame.style.width = `${upright ? (px * CARD.short) / CARD.long : px}px`;
  frame.style.height = `${upright ? px : (px * CARD.short) / CARD.long}px`;
  wide.value = String(Math.round(px));
  const how = byId("how");
  how.textContent = upright ? how.dataset.upright : how.dataset.flat;
}

/** @param {number} next */
function setWidth(next) {
  px = Math.min(Number(wide.max), Math.max(Number(wide.min), next));
  drawFrame();
}

/** Tell the server, without leaving the page. @param {Record<string, string|number>} chosen */
async function keep(chosen) {
  const body = new URLSearchParams(Object.entries(chosen).map(([name, value]) => [name, String(value)]));
  const answer = await fetch("/screen", { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  return Boolean(answer?.ok);
}

async function fits() {
  um = measured(px);
  const kept = await keep({ um });
  drawResult(kept ? result.dataset.saved : result.dataset.lost);
}

/** @param {string} said */
function drawResult(said) {
  const { kind, step, sizes, now } = advise(um, size, most());
  const words = { size: String(kind === "never" ? Math.round(most() * 100) : step), smallest: figure(sizes.smallest), money: figure(sizes.money) };
  const rows = [
    [result.dataset.pixel, `${figure(um / 1000, 3)} mm`],
    [`${result.dataset.smallest} (${size} %)`, `${figure(now.smallest)} mm`],
    [`${result.dataset.money} (${size} %)`, `${figure(now.money)} mm`],
  ];
  fill(
    result,
    h(
      "div",
      { class: "measured" },
      said && h("p", { class: "soft" }, said),
      h("dl", null, rows.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value)))),
      h("p", { class: `alert ${kind === "enough" ? "good" : "warn"}` }, put(result.dataset[kind], words)),
      kind !== "enough" && step !== size && button(put(result.dataset.use, { size: String(step) }), () => use(step), { kind: "primary big", id: "use" }),
    ),
  );
}

/** @param {number} step */
async function use(step) {
  if (await keep({ size: step })) window.location.reload();
  else drawResult(result.dataset.lost);
}

for (const key of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-step]"))) key.addEventListener("click", () => setWidth(px + Number(key.dataset.step)));
wide.addEventListener("input", () => setWidth(Number(wide.value)));
byId("fits").addEventListener("click", fits);

function drawRoom() {
  const percent = Math.round(most() * 100);
  const words = byId("room");
  words.hidden = percent >= 200;
  words.textContent = put(words.dataset.words, { most: String(percent) });
}

let touchedAt = Date.now();
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => void (touchedAt = Date.now()));
setInterval(() => Date.now() - touchedAt > AWAY && window.location.assign(byId("back").href), 5000);
window.addEventListener("resize", () => [drawFrame(), drawRoom()]);
drawFrame();
drawRoom();
if (Number(page.dataset.um)) drawResult("");
