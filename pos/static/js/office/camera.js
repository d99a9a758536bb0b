// @ts-check
/** Scanning with the camera of a phone, where the browser can read barcodes by itself. */
import { button, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { createSeen } from "./seen.js";

const EVERY = 150;
const FORMATS = ["ean_13", "ean_8", "code_128", "qr_code", "data_matrix"];

/** Why the camera can't be used here; empty when it can. */
function whyNot() {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia)
    return t("The camera works only at an address that begins with https, or on the machine itself. Ask whoever looks after the shop's server for that address.");
  if (!("BarcodeDetector" in window)) return t("This browser can't read barcodes by camera. Use Chrome on an Android phone, or a hand scanner.");
  return "";
}

/** The button, the picture and what is wrong with them. @param {(code: string) => void} onCode */
export function cameraView(onCode) {
  const problem = h("p", { class: "alert warn", role: "status", hidden: true });
  const video = h("video", { class: "camera", hidden: true, playsinline: true, "aria-label": t("Picture of the camera") });
  video.muted = true;
  const toggle = button(t("Scan with the camera"), () => (video.hidden ? start() : stop()), { "aria-pressed": "false" });
  /** @type {MediaStream|null} */
  let stream = null;
  /** @type {any} */
  let timer = null;

  /** @param {string} text */
  function tell(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  async function start() {
    tell(whyNot());
    if (!problem.hidden) return;
    try {
      const Detector = /** @type {any} */ (window).BarcodeDetector;
      const can = await Detector.getSupportedFormats();
      const detector = new Detector({ formats: FORMATS.filter((one) => can.includes(one)) });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      show();
      video.play().catch(() => {});
      watch(detector);
    } catch (error) {
      stop();
      tell(error instanceof DOMException && error.name === "NotAllowedError" ? t("The browser may not use the camera. Allow it for this address, then try again.") : t("The camera did not start. Is another program using it?"));
    }
  }

  /** @param {any} detector */
  function watch(detector) {
    const seen = createSeen();
    const look = async () => {
      if (video.hidden) return;
      // A picture that is not there yet can't be read; the next one can.
      const found = await detector.detect(video).catch(() => []);
      for (const code of seen.look(found.map((/** @type {any} */ one) => one.rawValue), performance.now())) onCode(code);
      timer = setTimeout(look, EVERY);
    };
    look();
  }

  function stop() {
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.hidden = true;
    show();
  }

  function show() {
    toggle.setAttribute("aria-pressed", String(!video.hidden));
    toggle.textContent = video.hidden ? t("Scan with the camera") : t("Stop the camera");
  }

  document.addEventListener("visibilitychange", () => document.hidden && stop());
  return h("div", { class: "stack" }, h("div", { class: "buttons" }, toggle), problem, video);
}
