// @ts-check
/** What a camera sees many times a second, told once: a code counts again only after it was out of sight. No DOM in here. */

/** So long a code must be gone before it is another piece, in ms. */
export const GONE_AFTER = 1200;

export function createSeen() {
  /** @type {Map<string, number>} */
  const last = new Map();
  return {
    /** Those of `codes` that came into sight. @param {string[]} codes @param {number} at in ms @returns {string[]} */
    look(codes, at) {
      const fresh = [...new Set(codes)].filter((code) => at - (last.get(code) ?? -Infinity) > GONE_AFTER);
      for (const code of codes) last.set(code, at);
      for (const [code, then] of last) if (at - then > GONE_AFTER) last.delete(code);
      return fresh;
    },
  };
}
