// @ts-check
/** Times as people here write them: 14.05, in the outlet's own zone. */

let zone = "Asia/Jakarta";
let skew = 0;

/** @param {string} timeZone */
export function useZone(timeZone) {
  zone = timeZone;
}

/** Learn how far this machine's clock is from the server's. @param {string|undefined} serverNow RFC 3339 */
export function serverSays(serverNow) {
  if (serverNow) skew = Date.parse(serverNow) - Date.now();
}

/** Now, by the server's clock, in milliseconds. */
export function now() {
  return Date.now() + skew;
}

/** "14.05" @param {string} instant */
export function clock(instant) {
  const parts = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  return parts.format(new Date(instant)).replace(":", ".");
}

/** "Selasa, 24 November 2026 · 14.05" @param {string} locale */
export function nowInWords(locale) {
  const at = new Date(now());
  const day = new Intl.DateTimeFormat(locale === "id" ? "id-ID" : "en-GB", { dateStyle: "full", timeZone: zone });
  return `${day.format(at)} · ${clock(at.toISOString())}`;
}

/** "4:59" of a number of milliseconds, never below zero. @param {number} left */
export function minutes(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
