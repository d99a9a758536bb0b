// @ts-check
/** The words of the page, taken from the page's own data; the English text is the key. */

/** @type {Record<string, string>} */
let words = {};

/** @param {Record<string, string>} strings */
export function useWords(strings) {
  words = strings;
}

/**
 * Translate; `%(name)s` is filled from `values`.
 * @param {string} text
 * @param {Record<string, string|number>} [values]
 */
export function t(text, values) {
  const found = words[text] ?? text;
  return values ? found.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? "")) : found;
}

/** How many pieces, in words. @param {number} count */
export const items = (count) => (count === 1 ? t("1 item") : t("%(count)s items", { count }));
