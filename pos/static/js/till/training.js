// @ts-check
/**
 * Only while practising: the guide through the first sale, the papers that no printer prints, and the way back to the real till.
 * The guide is a line of its own between header and page, so it covers nothing; what it speaks of has a ring.
 */
import { button, byId, h, icon } from "../lib/dom.js";
import { recall, remember } from "../lib/keep.js";
import { t } from "../lib/i18n.js";
import { isLast, sentenceOf, stepOf, STEPS, targetOf } from "./guide.js";

/** @typedef {import("./app.js").App} App */

const PAPER_STAYS = 25_000;

/** @param {App} app */
export function practise(app) {
  const guide = guideView(app);
  const back = app.boot.real_till && h("a", { class: "button big", href: app.boot.real_till }, t("Back to the real till"));
  byId("signin").querySelector(".signin-who").append(h("div", { class: "buttons practise" }, button(t("Guide through a first sale"), guide.begin, { kind: "big" }), back));
  papersView(app);
}

/** @param {App} app */
function guideView(app) {
  const { store } = app;
  const key = `karya.guide.${app.boot.register.code}`;
  let over = recall(key) === "over";
  /** How far the sale came: paid once, and its change was seen. */
  let sold = false;
  let seen = false;
  /** @type {Element|null} */
  let ringed = null;
  const count = h("p", { class: "coach-step" });
  const words = h("p", { class: "coach-words", role: "status" });
  const next = button("", forward, { kind: "primary" });
  const skip = button(t("Skip the guide"), end, {});
  const bar = h("section", { class: "coach", "aria-label": t("Guide through a first sale") }, count, words, h("div", { class: "buttons" }, skip, next));
  byId("notices").after(bar);
  store.watch(["user", "shift", "cart", "pending", "done", "known"], draw);

  function step() {
    return stepOf(store.get(), { sold, seen });
  }

  function draw() {
    const { done, known } = store.get();
    if (done && !over) sold = true;
    if (sold && !done) seen = true;
    const now = step();
    bar.hidden = over || !known;
    ring(bar.hidden ? null : document.querySelector(targetOf(now)));
    if (bar.hidden) return;
    count.textContent = t("Step %(number)s of %(count)s", { number: now + 1, count: STEPS });
    const said = sentenceOf(now);
    if (words.textContent !== said) words.textContent = said;
    next.hidden = !sold;
    next.textContent = isLast(now) ? t("Done") : t("Next");
    skip.hidden = isLast(now);
  }

  function forward() {
    if (isLast(step())) return end();
    seen = true;
    draw();
  }

  function end() {
    over = true;
    remember(key, "over");
    draw();
  }

  /** @param {Element|null} element */
  function ring(element) {
    if (element === ringed) return;
    ringed?.classList.remove("coached");
    element?.classList.add("coached");
    ringed = element;
  }

  return {
    begin() {
      over = sold = seen = false;
      remember(key, null);
      draw();
    },
  };
}

/** The paper that would have come out, on the screen until the next product is tapped. @param {App} app */
function papersView(app) {
  const { store } = app;
  /** @type {string|null} nothing from before this page was loaded is shown */
  let last = null;
  let began = false;
  /** @type {any} */
  let timer = null;
  const picture = h("img", { alt: "" });
  const slip = h("aside", { class: "paper-slip", hidden: true, "aria-label": t("What the printer would print") }, h("div", { class: "paper-head" }, h("p", null, t("This would come out of the printer.")), button([icon("close")], hide, { kind: "quiet", "aria-label": t("Close") })), h("div", { class: "paper-roll", tabindex: "0" }, picture));
  byId("grid").parentElement.append(slip);

  store.watch(["paper", "user"], ({ paper, user }) => {
    if (!user) return hide();
    const before = last;
    last = paper?.id ?? "";
    if (!began || last === before) return void (began = true);
    if (paper) show(paper);
  });
  store.watch(["cart"], ({ cart }) => {
    if (cart.lines.length) hide();
  });

  /** @param {{id: string, title: string}} paper */
  function show({ id, title }) {
    picture.src = `/till/papers/${id}.png`;
    picture.alt = `${t("Practice paper, marked as no receipt")} ${title}`;
    slip.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(hide, PAPER_STAYS);
  }

  function hide() {
    slip.hidden = true;
  }
}
