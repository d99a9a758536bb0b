// @ts-check
/** The preview of a receipt follows the form; nothing is saved until somebody says so. */

const PAUSE = 350; // milliseconds without a key before the server is asked

const form = document.querySelector("form[data-receipt]");
const trouble = document.querySelector("[data-trouble]");
/** @type {AbortController | null} */
let asking = null;
let timer = 0;

/** @param {Record<string, string>} pictures @param {Record<string, string>} texts */
function show(pictures, texts) {
  for (const image of document.querySelectorAll("img[data-columns]")) {
    const columns = image.getAttribute("data-columns") ?? "";
    image.setAttribute("src", pictures[columns]);
    image.setAttribute("alt", texts[columns]);
  }
}

/** Ask for the receipt of what stands in the form now; an older question is dropped. */
async function look() {
  if (!(form instanceof HTMLFormElement)) return;
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(form.dataset.receipt ?? "", {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      signal: asking.signal,
    });
    const said = await answer.json();
    if (answer.ok) show(said.pictures, said.texts);
    if (trouble) trouble.textContent = answer.ok ? "" : Object.values(said.errors ?? {}).join(" ");
  } catch {
    // A newer question took its place, or the server is away: the picture stays as it was.
  }
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(look, PAUSE);
});
