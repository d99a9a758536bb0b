// @ts-check
/** Prints the report so far on the register's printer. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { byId } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { uuid7 } from "../lib/uuid7.js";

/** @param {import("./close.js").Page} page */
export function printView(page) {
  let id = uuid7();
  const go = /** @type {HTMLButtonElement} */ (byId("print-x"));
  go.addEventListener("click", async () => {
    go.disabled = true;
    const answer = await ask("POST", `/api/v1/shifts/${page.shift}/report/print`, { id }).catch((error) => {
      if (!(error instanceof Unanswered)) throw error;
      return null;
    });
    const silent = t("The server does not answer. Try again; it is not done twice.");
    const refused = answer && answer.status >= 300;
    byId("toast").textContent = !answer ? silent : refused ? sentence(answer, silent) : t("The report is being printed.");
    if (answer) id = uuid7();
    go.disabled = false;
  });
}
