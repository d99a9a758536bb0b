// @ts-check
/** The clock of the machine looks wrong: a supervisor says that it is right before anything is sold. */
import { ask, part } from "../lib/api.js";
import { uuid7 } from "../lib/uuid7.js";
import { t } from "../lib/i18n.js";

/** @param {import("./app.js").App} app @param {import("../lib/api.js").Answer} refused */
export async function confirmClock(app, refused) {
  const { askApproval } = await part(() => import("./approval.js"));
  const id = uuid7();
  const who = { people: app.boot.people, me: "" };
  const answer = await askApproval(who, { title: t("Confirm date and time") }, (approval) => ask("POST", `/api/v1/registers/${app.boot.register.code}/clock`, { id, approval }), refused);
  return Boolean(answer?.ok);
}
