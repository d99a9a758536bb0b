// @ts-check
/** A number as the files that say it. Indonesian and English are put together from few words; no DOM in here. */

/** Nothing at the kiosk costs more. */
const MOST = 999_999_999;

/** @param {number} n below a hundred */
function tensId(n) {
  if (n < 12) return n ? [n] : [];
  if (n < 20) return [n - 10, "belas"];
  return [Math.floor(n / 10), "puluh", ...(n % 10 ? [n % 10] : [])];
}

/** @param {number} n below a thousand @returns {(number|string)[]} */
function hundredsId(n) {
  const hundreds = Math.floor(n / 100);
  return [...(hundreds === 1 ? ["seratus"] : hundreds ? [hundreds, "ratus"] : []), ...tensId(n % 100)];
}

/** @param {number} n below a thousand @returns {(number|string)[]} */
function hundredsEn(n) {
  const rest = n % 100;
  const tens = rest > 20 ? [rest - (rest % 10), ...(rest % 10 ? [rest % 10] : [])] : rest ? [rest] : [];
  return [...(n > 99 ? [Math.floor(n / 100), "hundred"] : []), ...tens];
}

/** The names of the files that say this number, in order; none for what nobody says. @param {number} n @param {"id"|"en"} locale */
export function numberClips(n, locale) {
  if (!Number.isInteger(n) || n < 0 || n > MOST) return [];
  const [millions, thousands, rest] = [Math.floor(n / 1e6), Math.floor(n / 1e3) % 1000, n % 1000];
  const id = locale === "id";
  const below = id ? hundredsId : hundredsEn;
  const words = [
    ...(millions ? [...below(millions), id ? "juta" : "million"] : []),
    ...(thousands === 1 && id ? ["seribu"] : thousands ? [...below(thousands), id ? "ribu" : "thousand"] : []),
    ...below(rest),
  ];
  return (words.length ? words : [0]).map((word) => `n-${word}`);
}

/** What is to be said, as file names: a word is a file, a number is put together. @param {string} said @param {"id"|"en"} locale */
export function clipsOf(said, locale) {
  return said.split(" ").filter(Boolean).flatMap((word) => (/^\d+$/.test(word) ? numberClips(Number(word), locale) : [word]));
}
