// @ts-check
/** One object of state and the functions that want to know when it changes. */

/**
 * @template {Record<string, any>} S
 * @param {S} initial
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<{keys: (keyof S)[], run: (state: S) => void}>} */
  const watchers = new Set();
  return {
    get: () => state,
    /** Change some keys; whoever watches one of them is told, once. @param {Partial<S>} part */
    set(part) {
      const changed = new Set(Object.keys(part).filter((key) => state[key] !== part[key]));
      if (!changed.size) return;
      state = { ...state, ...part };
      for (const watcher of [...watchers]) {
        if (watcher.keys.some((key) => changed.has(String(key)))) watcher.run(state);
      }
    },
    /** Run now and whenever one of `keys` changes. @param {(keyof S)[]} keys @param {(state: S) => void} run */
    watch(keys, run) {
      watchers.add({ keys, run });
      run(state);
    },
  };
}
