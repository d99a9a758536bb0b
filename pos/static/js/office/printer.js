// @ts-check
/** The form of a printer shows the fields of the chosen connection alone. */

const form = document.querySelector("[data-printer]");
const select = form?.querySelector("#connection");

/** Show the fields that count. */
function sort() {
  if (!(select instanceof HTMLSelectElement)) return;
  for (const part of form?.querySelectorAll("[data-connection]") ?? []) {
    part.toggleAttribute("hidden", part.getAttribute("data-connection") !== select.value);
  }
}

select?.addEventListener("change", sort);
sort();
