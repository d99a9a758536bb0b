// @ts-check
/** What the back office does better with a script; every page works without it. */

/** A form is sent once: a second press of the same button waits for the answer. @param {SubmitEvent} event */
function once(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
}

document.addEventListener("submit", once);

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    form.removeAttribute("data-sent");
    form.removeAttribute("aria-busy");
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", () => window.print());
}

// The page focuses the first wrong field itself; where none is named, what is wrong is read first.
const refusal = document.querySelector(".alert.danger[tabindex]");
if (refusal instanceof HTMLElement && !document.querySelector("[autofocus]")) refusal.focus();
