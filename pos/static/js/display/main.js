// @ts-check
/** The customer display: reads the page's data, follows the till and draws what the moment asks for. */
import { setUpApi } from "../lib/api.js";
import { button, byId, fill, iconsFrom, say } from "../lib/dom.js";
import { t, useWords } from "../lib/i18n.js";
import { rupiah } from "../lib/money.js";
import { now, useZone } from "../lib/time.js";
import { cartPart } from "./cart.js";
import { followTill } from "./follow.js";
import { idlePart } from "./idle.js";
import { codePart, overPart, paidPart, waitPart } from "./sale.js";
import { paidFigures, stageOf } from "./stage.js";

const boot = JSON.parse(byId("boot").textContent);
const TICK = 500;

useZone(boot.zone);
iconsFrom(boot.icons);
setUpApi({ locale: boot.locale });

const stage = byId("main");
let locale = "";
let drawn = "";
/** @type {import("./follow.js").Followed} */
let moment = { scene: null, sale: null, online: true };
const idle = idlePart(boot);
/** @type {{draw?: (moment: import("./follow.js").Followed) => void}} */
let part = {};

/** The till's language is the customer's: whoever serves switches it for them. @param {string} wanted */
function speak(wanted) {
  if (wanted === locale) return;
  locale = wanted;
  drawn = "";
  useWords(locale === "id" ? boot.strings : {});
  document.documentElement.lang = locale;
  document.title = `${t("Customer display")} ${boot.register} · ${boot.shop}`;
  const stripe = document.querySelector(".demo-stripe");
  if (stripe) stripe.textContent = t("Demo shop: nothing here is a real sale.");
  const skip = document.querySelector(".skip");
  if (skip) skip.textContent = t("Skip to the content");
  // On a machine with one screen the window may cover the till: there is always a way back.
  const close = window.opener && button(t("Close"), () => window.close(), { kind: "quiet" });
  const large = button(t("Full screen"), () => document.documentElement.requestFullscreen(), { kind: "quiet", id: "large" });
  fill(byId("tools"), large, close);
  tools();
}

/** A screen that is as large as the machine's needs no button for it. */
function tools() {
  byId("large").hidden = !document.fullscreenEnabled || Boolean(document.fullscreenElement) || window.innerHeight >= window.screen.height;
}

function draw() {
  const { scene, sale, online } = moment;
  speak(scene?.locale ?? boot.locale);
  const kind = stageOf(scene, sale, now());
  const key = `${kind} ${kind === "cart" || kind === "idle" || kind === "wait" ? "" : sale?.id}`;
  if (key !== drawn) {
    drawn = key;
    document.body.dataset.stage = kind;
    part = parts(kind);
    say(byId("said"), spoken(kind));
  }
  part.draw?.(moment);
  say(byId("link"), online ? "" : t("Connecting again…"));
}

/** @param {import("./stage.js").Stage} kind */
function parts(kind) {
  const { sale } = moment;
  if (kind === "idle") return idle.show(stage, locale);
  idle.rest();
  if (kind === "cart") return cartPart(stage);
  if (kind === "code") return codePart(stage, sale, boot.register);
  if (kind === "paid") return paidPart(stage, sale);
  if (kind === "over") return overPart(stage, sale);
  return waitPart(stage, kind, sale);
}

/** What a screen reader says when the picture changes. @param {import("./stage.js").Stage} kind */
function spoken(kind) {
  const { sale } = moment;
  if (kind !== "paid") return "";
  const paid = paidFigures(sale);
  return paid.large === "change" ? `${t("Change")} ${rupiah(paid.change)}` : `${t("Paid")} ${rupiah(paid.total)}`;
}

for (const kind of ["fullscreenchange", "resize"]) window.addEventListener(kind, tools);
speak(boot.locale);
setInterval(draw, TICK);
followTill(boot.register, boot.build, (next) => {
  moment = next;
  draw();
});
