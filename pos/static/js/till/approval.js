// @ts-check
/** Another person allows one act: the window names the act and the amount, and takes a name and a PIN. */
import { Unanswered, sentence } from "../lib/api.js";
import { button, h } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { pinPad } from "../lib/keypad.js";
import { play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";
import { needsApproval } from "./approve.js";

/** @typedef {import("../lib/api.js").Answer} Answer */
/** @typedef {{user: string, pin: string}} Approval */

const ALLOWING = { supervisor: ["supervisor", "manager"], treasurer: ["treasurer", "manager"], manager: ["manager"] };

/**
 * @param {{people: {name: string, role: string}[], me: string}} who
 * @param {{title: string, amount?: string}} what
 * @param {(approval: Approval) => Promise<Answer>} send
 * @param {Answer} refused
 * @returns {Promise<Answer|null>}
 */
export function askApproval(who, what, send, refused) {
  return new Promise((resolve, reject) => {
    let chosen = "";
    /** @type {Answer|null} */
    let result = null;
    let uncertain = false;
    const pad = pinPad({
      async onPin(pin) {
        if (!chosen) return pad.tell(t("Choose who approves first."));
        try {
          const answer = await send({ user: chosen, pin });
          if (needsApproval(answer) || answer.body?.code === "slow_down") {
            play("no");
            return pad.tell(sentence(answer, t("The PIN is not right.")));
          }
          result = answer;
          uncertain = false;
          close();
        } catch (error) {
          if (!(error instanceof Unanswered)) return reject(error);
          uncertain = true;
          pad.tell(t("The server does not answer. Try again."));
        }
      },
    });
    const people = approvers(who, refused.body?.role).map((person) =>
      button(person.name, () => choose(person.name), { kind: "person", "aria-pressed": "false" }),
    );
    /** @param {string} name */
    function choose(name) {
      chosen = name;
      for (const one of people) one.setAttribute("aria-pressed", String(one.textContent === name));
      pad.tell("");
    }
    if (people.length === 1) choose(people[0].textContent);
    const { dialog, close } = openDialog({
      title: t("Approval needed"),
      kind: "approval",
      body: [
        h(
          "div",
          { class: "approval-what" },
          h("p", { class: "approval-act" }, what.title),
          what.amount && h("p", { class: "approval-amount amount" }, what.amount),
          h("p", { class: "soft" }, sentence(refused, t("Another person must allow this."))),
          h("div", { class: "people", role: "group", "aria-label": t("Who approves") }, people),
        ),
        pad.element,
      ],
      // Closed after a try without an answer: nobody knows whether it counted, and the caller must ask again.
      onClose: () => (uncertain ? reject(new Unanswered(what.title)) : resolve(result)),
    });
    dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => pad.keyboard(event));
  });
}

/** @param {{people: {name: string, role: string}[], me: string}} who @param {string} [role] */
function approvers(who, role) {
  const roles = ALLOWING[/** @type {keyof typeof ALLOWING} */ (role)] ?? ALLOWING.supervisor;
  return who.people.filter((person) => roles.includes(person.role) && person.name !== who.me);
}
