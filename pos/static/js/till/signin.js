// @ts-check
/** Signing in: tap the name, type six digits. Also the lock screen, so it says whose cart is kept. */
import { ask, sentence, Unanswered } from "../lib/api.js";
import { button, fill, h } from "../lib/dom.js";
import { dialogOpen } from "../lib/dialog.js";
import { pinPad } from "../lib/keypad.js";
import { play } from "../lib/sound.js";
import { items, t } from "../lib/i18n.js";
import { pieces } from "./cart.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app @param {HTMLElement} root @param {() => Promise<void>} onSignedIn */
export function signInView(app, root, onSignedIn) {
  let chosen = "";
  const pad = pinPad({ onPin });
  let last = "";
  const prompt = h("h2", { class: "signin-prompt" });
  const kept = h("p", { class: "soft" });
  const people = app.boot.people.map((person) =>
    button([h("span", { class: "initial", "aria-hidden": "true" }, person.name.slice(0, 1)), h("span", null, person.name)], () => choose(person.name), {
      kind: "person",
      "aria-pressed": "false",
      "data-name": person.name,
    }),
  );
  fill(
    root,
    h(
      "div",
      { class: "signin-who" },
      h("p", { class: "soft" }, `${app.boot.outlet} · ${app.boot.register.name}`),
      h("h1", null, t("Who is at the till?")),
      h("div", { class: "people", role: "group", "aria-label": t("Who is at the till?") }, people),
      kept,
      !app.boot.training && h("a", { class: "button quiet practise", href: "/training" }, t("Practise selling")),
    ),
    h("div", { class: "signin-pin" }, prompt, pad.element),
  );
  // Whoever locked the till is likely to come back, and only types the PIN.
  app.store.watch(["user"], ({ user }) => {
    if (user) return void (last = user.name);
    choose(people.length === 1 ? app.boot.people[0].name : last);
    const carts = app.boot.people.map(({ name }) => ({ name, count: pieces(app.kept(name)) })).filter(({ count }) => count);
    kept.textContent = carts.length ? t("Kept carts: %(carts)s", { carts: carts.map(({ name, count }) => `${name} (${items(count)})`).join(", ") }) : "";
  });

  /** @param {string} name */
  function choose(name) {
    chosen = name;
    for (const one of people) one.setAttribute("aria-pressed", String(one.dataset.name === name));
    prompt.textContent = name ? t("PIN of %(name)s", { name }) : t("Choose your name");
    pad.clear();
    root.classList.toggle("chosen", Boolean(name));
  }

  /** @param {string} pin */
  async function onPin(pin) {
    if (!chosen) return pad.tell(t("Choose your name"));
    try {
      const answer = await ask("POST", "/till/sign-in", { user: chosen, pin });
      if (!answer.ok) {
        play("no");
        return pad.tell(sentence(answer, t("The PIN is not right.")));
      }
      await onSignedIn();
      pad.clear();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      pad.tell(t("The server does not answer. Try again."));
    }
  }

  document.addEventListener("keydown", (event) => {
    if (!root.hidden && !dialogOpen()) pad.keyboard(event);
  });
}
