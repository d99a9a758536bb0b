// @ts-check
/** What must survive a reload, in localStorage; a browser that refuses storage still sells. */

/** @type {Map<string, string>} */
const fallback = new Map();

/** @param {string} key @returns {any} */
export function recall(key) {
  try {
    const text = stored(key) ?? fallback.get(key);
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** @param {string} key */
function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value null forgets */
export function remember(key, value) {
  const text = JSON.stringify(value);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    fallback.delete(key);
  } catch {
    if (value === null) fallback.delete(key);
    else fallback.set(key, text);
  }
}
