// @ts-check
/** What does not fit is never out of sight without a way to it: arrows lead on through a list that has more than the screen. */
import { button, h, icon } from "../lib/dom.js";
import { play } from "../lib/sound.js";

/**
 * Two arrows for a list, to stand beside or below it; they show only where it has more than the screen.
 * For a finger only: whoever walks by keys or is read to comes through every item anyway.
 * @param {HTMLElement} list
 * @param {{across?: boolean}} [way] across: the list runs from left to right
 */
export function arrowsFor(list, { across = false } = {}) {
  const props = { kind: "reach-on", "aria-hidden": "true", tabindex: "-1" };
  const back = button([icon("chevron")], () => turn(-1), props);
  const on = button([icon("chevron")], () => turn(1), props);
  const arrows = h("div", { class: across ? "reach-arrows across" : "reach-arrows", hidden: true }, back, on);

  const seen = () => (across ? list.clientWidth : list.clientHeight);
  const whole = () => (across ? list.scrollWidth : list.scrollHeight);
  const at = () => (across ? list.scrollLeft : list.scrollTop);
  /** @param {Element} one */
  function ends(one) {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const edge = list.getBoundingClientRect();
    return across ? [left - edge.left, right - edge.left] : [top - edge.top, bottom - edge.top];
  }

  /** On to the first that is not wholly in sight, or back by as much as is seen. @param {1|-1} way */
  function turn(way) {
    play("ok");
    const places = [...list.children].map(ends);
    const next = way > 0 ? places.find(([start, end]) => end > seen() + 2 && start > 8) : places.find(([start]) => start > -seen() && start < -2);
    const by = next ? next[0] - 3 : way * seen();
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    list.scrollBy({ [across ? "left" : "top"]: by, behavior });
  }

  function look() {
    const left = whole() - seen();
    arrows.hidden = left < 4;
    back.disabled = at() < 4;
    on.disabled = at() > left - 4;
  }

  new ResizeObserver(look).observe(list);
  new MutationObserver(look).observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "hidden"] });
  // The focus stays with whoever walks by keys as well.
  arrows.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("scroll", look, { passive: true });
  return arrows;
}
