// @ts-check
/** Building pages from data without ever parsing data as HTML. */

/** @typedef {Node|string|number|null|undefined|false} Child */

/**
 * Make an element. `class` and attributes by name, `on: {click: f}` for listeners, true/false for boolean attributes.
 * @param {string} tag
 * @param {Record<string, any>|null} [props]
 * @param {...(Child|Child[])} children
 * @returns {any}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  add(element, children);
  return element;
}

/**
 * @param {Element} parent
 * @param {(Child|Child[])[]} children
 */
function add(parent, children) {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) parent.append(child instanceof Node ? child : String(child));
  }
}

/** Replace everything in `parent`. @param {Element} parent @param {...(Child|Child[])} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  add(parent, children);
}

/** Set an element's text only when it changes, so that live regions speak once. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The element with this id, which the page is known to have. @param {string} id @returns {any} */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no #${id} on this page`);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
let sprite = "";

/** Where the icons are. @param {string} address */
export function iconsFrom(address) {
  sprite = address;
}

/** One icon of the sprite, silent for screen readers. @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * A button; `kind` is what button.css knows: primary, money, note, danger, quiet.
 * @param {string|Child[]} label
 * @param {(event: Event) => void} press
 * @param {Record<string, any>} [props]
 */
export function button(label, press, props = {}) {
  const { kind = "", ...rest } = props;
  return h("button", { type: "button", class: `button ${kind}`, on: { click: press }, ...rest }, label);
}
