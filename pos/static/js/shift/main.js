// @ts-check
/** The shift page: the close, the cash, and the lock that works here as on the till. */
import { ask, setUpApi, Unanswered } from "../lib/api.js";
import { byId, iconsFrom } from "../lib/dom.js";
import { useWords } from "../lib/i18n.js";
import { useZone } from "../lib/time.js";
import { watchIdle } from "../till/idle.js";
import { cashView } from "./cash.js";
import { closeView } from "./close.js";
import { printView } from "./xreport.js";

const boot = JSON.parse(byId("boot").textContent);
useWords(boot.strings);
useZone(boot.zone);
iconsFrom(boot.icons);
setUpApi({ locale: boot.locale });

const page = { shift: boot.shift.id, status: boot.shift.status, report: boot.report, people: boot.people, me: boot.me };
closeView(page);
cashView(page);
printView(page);
// A tap before this line would be lost, so the page comes with its buttons asleep.
for (const button of document.querySelectorAll("button[data-waits]")) button.removeAttribute("disabled");
watchIdle({ seconds: boot.idle_seconds, active: () => true, held: () => false, lock });

async function lock() {
  try {
    await ask("POST", "/till/lock", {});
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
  }
  window.location.assign("/");
}
