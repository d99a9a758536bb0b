// @ts-check
/** The products: category chips, search, tiles. Tiles are drawn once and then only corrected. */
import { button, byId, fill, h, icon } from "../lib/dom.js";
import { rupiah } from "../lib/money.js";
import { t } from "../lib/i18n.js";
import { nameOf, quantityOf } from "./cart.js";
import { FAVOURITES, fewLeft } from "./catalogue.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./cart.js").Product} Product */

const MOST_TILES = 120;
/** A screen full. */
const FIRST_TILES = 16;

/** What is left, in words. @param {number} available */
export function stockWords(available) {
  if (available <= 0) return t("Sold out");
  return t("%(count)s left", { count: available });
}

/** @param {App} app @param {(product: Product) => void} onTap @param {() => void} checkPrice */
export function gridView(app, onTap, checkPrice) {
  const { store, boot } = app;
  const grid = byId("grid");
  const chips = byId("chips");
  /** @type {any} */
  let drawn = null;
  let rest = 0;
  let frame = 0;
  const empty = h("p", { class: "grid-empty soft", role: "status" });
  /** @type {Map<string, {element: any, stock: any, count: any}>} */
  const tiles = new Map();
  const search = h("input", {
    type: "search",
    id: "search",
    class: "input search-input",
    placeholder: t("Search"),
    "aria-label": t("Search products"),
    autocomplete: "off",
    "data-typing": "text",
    on: { input: () => store.set({ query: search.value }) },
  });
  const clear = button([icon("close")], () => setQuery(""), { kind: "quiet search-clear", "aria-label": t("Clear the search") });

  /** @param {string} query */
  function setQuery(query) {
    search.value = query;
    store.set({ query });
  }

  store.watch(["catalogue"], ({ catalogue }) => {
    const { favourites, categories } = catalogue;
    const names = [...(favourites ? [FAVOURITES] : []), ...(favourites || categories.length > 1 ? ["", ...categories] : [])];
    fill(
      chips,
      names.map((name) => button(name === FAVOURITES ? [icon("star"), t("Favourites")] : name || t("All"), () => store.set({ category: name, query: "" }), { kind: "chip", "data-category": name })),
      h("div", { class: "chips-end" }, h("div", { class: "search" }, icon("search"), search, clear), button([icon("tag"), h("span", { class: "nav-text" }, t("Check price"))], checkPrice, { kind: "chip", id: "check-price", "aria-label": t("Check price") })),
    );
    tiles.clear();
  });

  store.watch(["catalogue", "category", "query"], ({ catalogue, category, query }) => {
    if (search.value !== query) search.value = query;
    clear.hidden = !query;
    for (const chip of chips.querySelectorAll("[data-category]")) {
      chip.setAttribute("aria-pressed", String(!query && chip.dataset.category === category));
    }
    // Words are typed quicker than goods are drawn: once a frame is enough.
    cancelAnimationFrame(frame);
    if (catalogue === drawn) frame = requestAnimationFrame(show);
    else show();
  });

  function show() {
    const { catalogue, category, query } = store.get();
    const found = catalogue.find(category, query);
    if (tiles.size > 4 * MOST_TILES) tiles.clear();
    fill(grid);
    // New goods on the shelf leave it where it was scrolled to; a search shows first what the eye sees.
    draw(found, 0, catalogue === drawn ? FIRST_TILES : MOST_TILES, gridWords(found.length, catalogue.products.length, query));
    drawn = catalogue;
  }

  /** @param {Product[]} found @param {number} from @param {number} to @param {string} words */
  function draw(found, from, to, words) {
    clearTimeout(rest);
    grid.append(...found.slice(from, to).map((product) => tileOf(product).element));
    counts(store.get().cart);
    if (to < MOST_TILES && to < found.length) rest = setTimeout(() => draw(found, to, MOST_TILES, words), 150);
    else {
      empty.textContent = words;
      if (words) grid.append(empty);
    }
  }

  store.watch(["cart"], ({ cart }) => counts(cart));

  /** @param {Product} product */
  function tileOf(product) {
    const known = tiles.get(product.sku);
    if (known) return known;
    const name = nameOf(product, boot.locale);
    const stock = h("span", { class: `tile-stock${fewLeft(product.available) ? " few" : ""}` }, stockWords(product.available));
    const count = h("span", { class: "tile-count", "aria-hidden": "true" });
    const element = h(
      "button",
      { type: "button", class: `tile${product.available > 0 ? "" : " out"}`, on: { click: () => onTap(product) } },
      picture(product, name),
      h("span", { class: "tile-name" }, name),
      " ",
      h("span", { class: "tile-foot" }, h("span", { class: "tile-price amount" }, rupiah(product.price)), " ", stock),
      count,
    );
    const tile = { element, stock, count };
    tiles.set(product.sku, tile);
    return tile;
  }

  /** @param {import("./cart.js").Cart} cart */
  function counts(cart) {
    for (const [sku, tile] of tiles) {
      const quantity = quantityOf(cart, sku);
      const words = quantity ? `${quantity}×` : "";
      if (tile.count.textContent !== words) tile.count.textContent = words;
    }
  }

  return { setQuery };
}

/** @param {number} found @param {number} all @param {string} query */
function gridWords(found, all, query) {
  if (found > MOST_TILES) return t("%(count)s more: type a word to find them.", { count: found - MOST_TILES });
  if (found) return "";
  if (query) return t("Nothing found for “%(query)s”.", { query });
  return all ? t("Nothing in this category.") : t("No products yet. They are added in the back office.");
}

/** @param {Product} product @param {string} name */
function picture(product, name) {
  if (product.picture) return h("img", { class: "tile-picture", src: product.picture, alt: "", loading: "lazy", decoding: "async", draggable: "false" });
  const letters = name.split(/\s+/).slice(0, 2).map((word) => word.slice(0, 1)).join("");
  return h("span", { class: "tile-picture letters", "aria-hidden": "true" }, letters);
}
