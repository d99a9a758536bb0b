// @ts-check
/** The window of the till's sounds: on or off, how loud, and each of them to try. What is set holds for this device. */
import { button, h, icon } from "../lib/dom.js";
import { openDialog } from "../lib/dialog.js";
import { play, setSound, setVolume, soundOn, volume } from "../lib/sound.js";
import { t } from "../lib/i18n.js";

const STEP = 10;

/** @param {() => void} changed */
export function soundMenu(changed) {
  const on = button("", toggle, { kind: "big", "aria-pressed": "false" });
  const slider = h("input", { id: "volume", type: "range", class: "volume", min: "10", max: "100", step: String(STEP), value: String(volume()), on: { input: () => move(Number(slider.value)), change: () => play("ok") } });
  const said = h("output", { class: "volume-said amount", for: "volume" });
  const quieter = button([icon("minus")], () => step(-STEP), { kind: "step", "aria-label": t("Quieter") });
  const louder = button([icon("plus")], () => step(STEP), { kind: "step", "aria-label": t("Louder") });
  const tunes = [
    button(t("Product added"), () => play("ok"), {}),
    button(t("Paid"), () => play("paid"), {}),
    button(t("Unknown barcode"), () => play("unknown"), {}),
    button(t("Something went wrong"), () => play("no"), {}),
  ];
  const { dialog } = openDialog({
    title: t("Sounds"),
    kind: "form",
    body: [
      h(
        "div",
        { class: "stack" },
        on,
        h("div", { class: "field" }, h("label", { for: "volume" }, t("Volume")), h("div", { class: "volume-row" }, quieter, slider, louder, said)),
        h("p", { class: "soft" }, t("Try each sound:")),
        h("div", { class: "buttons" }, tunes),
        h("p", { class: "soft small" }, t("Kept on this device. Set the scanner itself to quiet, so that only the till speaks.")),
      ),
    ],
  });
  draw();

  function toggle() {
    setSound(!soundOn());
    draw();
    play("ok");
    changed();
  }

  /** @param {number} by */
  function step(by) {
    move(Math.min(100, Math.max(10, volume() + by)));
    play("ok");
  }

  /** @param {number} loud */
  function move(loud) {
    setVolume(loud);
    draw();
  }

  function draw() {
    const sounding = soundOn();
    on.replaceChildren(icon(sounding ? "sound" : "mute"), sounding ? t("Sound is on") : t("Sound is off"));
    on.setAttribute("aria-pressed", String(sounding));
    slider.value = String(volume());
    said.textContent = `${volume()} %`;
    for (const one of [slider, quieter, louder, ...tunes]) one.disabled = !sounding;
  }

  return dialog;
}
