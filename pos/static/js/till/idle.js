// @ts-check
/** Nobody has touched the till for a while: warn, then lock. The cart stays. */
import { t } from "../lib/i18n.js";
import { toast } from "./toast.js";

const WARN_BEFORE = 15_000;

/** @param {{seconds: number, active: () => boolean, held: () => boolean, lock: () => void}} options `held` stops the clock (a payment is awaited) */
export function watchIdle({ seconds, active, held, lock }) {
  if (!seconds) return;
  let last = Date.now();
  let warned = false;
  const touched = () => {
    last = Date.now();
    warned = false;
  };
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched, { capture: true, passive: true });
  setInterval(() => {
    if (!active() || held()) return touched();
    const still = Date.now() - last;
    if (still >= seconds * 1000) {
      touched();
      lock();
    } else if (!warned && still >= seconds * 1000 - WARN_BEFORE) {
      warned = true;
      toast(t("The till locks soon. The cart stays."), { label: t("Stay"), act: touched }, WARN_BEFORE);
    }
  }, 1000);
}
