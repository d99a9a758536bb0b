// @ts-check
/** Talking to the server: JSON in and out, a time limit, and the difference between "no" and "no answer". */

/** @typedef {{status: number, ok: boolean, body: any}} Answer */

/** The server did not answer, or not in a way that says what it did. */
export class Unanswered extends Error {}

let locale = "id";
/** @type {(online: boolean, away?: string) => void} `away` is what the server says of a database it can't use */
let heard = () => {};

/** @param {{locale: string, onContact?: typeof heard}} options */
export function setUpApi(options) {
  locale = options.locale;
  heard = options.onContact ?? heard;
}

/**
 * Ask the server. Resolves with any answer, refusals included; throws Unanswered when there is none.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{timeout?: number}} [options]
 * @returns {Promise<Answer>}
 */
export async function ask(method, path, body, { timeout = 10_000 } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  try {
    const response = await fetch(path, {
      method,
      headers: {
        Accept: "application/json, application/problem+json",
        "Accept-Language": locale,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
    const text = await response.text();
    const said = parse(text);
    // A server whose database is gone is no better than one that is silent: nothing can be sold.
    const gone = said?.code === "database_unavailable";
    heard(!gone, gone ? said.detail : "");
    return { status: response.status, ok: response.ok, body: said };
  } catch {
    heard(false);
    throw new Unanswered(path);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} text */
function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** The sentence of a refusal, written by the server for a person. @param {Answer} answer @param {string} otherwise */
export function sentence(answer, otherwise) {
  const errors = Array.isArray(answer.body?.errors) ? answer.body.errors : [];
  const first = errors.map((/** @type {any} */ one) => one.message ?? one.detail ?? "").find(Boolean);
  return [answer.body?.detail, first].filter(Boolean).join(" ") || otherwise;
}

/** Every item of a list that comes in pages; `look` sees each page. @param {string} path @param {(page: any) => void} [look] @returns {Promise<any[]>} */
export async function everyPage(path, look) {
  /** @type {any[]} */
  const items = [];
  let cursor = "";
  for (let page = 0; page < 500; page += 1) {
    const sign = path.includes("?") ? "&" : "?";
    const answer = await ask("GET", cursor ? `${path}${sign}cursor=${encodeURIComponent(cursor)}` : path);
    if (!answer.ok) throw Object.assign(new Error(path), { answer });
    items.push(...(answer.body.items ?? []));
    look?.(answer.body);
    cursor = answer.body.cursor ?? "";
    if (!cursor) break;
  }
  return items;
}
