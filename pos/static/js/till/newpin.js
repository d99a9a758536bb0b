// @ts-check
/** A PIN that was handed out is changed at once: the new one is typed twice. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { dialogOpen } from "../lib/dialog.js";
import { pinPad } from "../lib/keypad.js";
import { play } from "../lib/sound.js";
import { t } from "../lib/i18n.js";

/** @param {import("./app.js").App} app @param {HTMLElement} root @param {() => Promise<unknown>} onChosen */
export function newPinView(app, root, onChosen) {
  let first = "";
  const prompt = h("h2", { class: "signin-prompt" });
  const pad = pinPad({ onPin });
  fill(
    root,
    h("div", { class: "signin-who" }, h("h1", null, t("Choose a PIN of your own")), h("p", { class: "soft" }, t("The one you were given works only once. Choose six digits that nobody guesses, and tell them to nobody."))),
    h("div", { class: "signin-pin" }, prompt, pad.element),
  );
  draw();

  function draw() {
    prompt.textContent = first ? t("The same PIN again") : t("New PIN");
  }

  /** @param {string} pin */
  async function onPin(pin) {
    if (!first) {
      first = pin;
      return draw();
    }
    const same = first === pin;
    first = "";
    draw();
    if (!same) {
      play("no");
      return pad.tell(t("The two were different. Start again."));
    }
    try {
      const answer = await ask("POST", "/till/pin", { pin });
      if (!answer.ok) return pad.tell(sentence(answer, t("That did not work.")));
      await onChosen();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      pad.tell(t("The server does not answer. Try again."));
    }
  }

  document.addEventListener("keydown", (event) => {
    if (!root.hidden && !dialogOpen()) pad.keyboard(event);
  });
}
