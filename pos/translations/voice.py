"""Speaks the kiosk's prompts into files: `python -m pos.translations.voice`, in a checkout.

Needs Debian's espeak-ng, sox and opus-tools. Writes `pos/static/voice/<language>/<name>.ogg` (Opus, mono)
from the texts below and their translations, and removes what no text has a name for. The files are committed:
a kiosk synthesizes nothing. A shop that has people to record puts files of the same names in its data folder
(README); this script is never run there.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pos.errors import N_
from pos.translations.compile import fragments, merge, texts

FOLDER = Path(__file__).resolve().parent.parent / "static" / "voice"
VOICES = {"id": "id", "en": "en-gb"}
"""Our languages and the voices of espeak-ng that speak them."""
WORDS_A_MINUTE = "150"
BITS = "12"
"""Kilobits a second: enough for a voice that is synthetic anyway."""

CUTTING = (
    *("silence", "1", "0.01", "0.4%", "reverse", "silence", "1", "0.01", "0.4%", "reverse"),
    *("pad", "0.01", "0.04", "norm", "-3"),
)
"""What sox does: no silence at both ends, then a little of it, and everything equally loud."""

PROMPTS = {
    "start": N_("Welcome. Touch the screen, or press Enter, to start."),
    "choose": N_("What would you like? Touch a picture, or go on with Tab and choose with Enter."),
    "review": N_("Please check your order."),
    "ways": N_("Pay by QRIS, or pay at the counter."),
    "asking": N_("One moment please."),
    "silent": N_("The kiosk does not reach its server. Please wait. Nothing is paid twice."),
    "trouble": N_("The kiosk does not reach its server. What you chose is kept."),
    "qris": N_("Scan the code with your bank or wallet app and pay."),
    "qris-goes-on": N_("This screen goes on by itself."),
    "qris-show": N_("Then show your phone to an officer."),
    "time-left": N_("Time left"),
    "minute-left": N_("One minute left."),
    "thanks": N_("Thank you. You have paid"),
    "your-number": N_("Your number"),
    "collect": N_("Tell this number to an officer and take your goods."),
    "receipt-prints": N_("The receipt is being printed."),
    "receipt-phone": N_("Scan the code for the receipt on your phone."),
    "receipt-ask": N_("No paper comes out here. Ask an officer for the receipt."),
    "slip-paper": N_("Take the slip and pay at the counter."),
    "slip-number": N_("No paper comes out here. Tell your number at the counter and pay there."),
    "kept-for": N_("Your goods are set aside for"),
    "over-expired": N_("The time is over. No money came."),
    "over-cancelled": N_("The payment was cancelled. No money came."),
    "over-failed": N_("The payment did not work. No money came."),
    "over-nocode": N_("QRIS does not work at this moment. Nothing was paid."),
    "over-person": N_("Your money is kept. An officer is called. Please wait."),
    "refused-price": N_("A price has changed. Nothing was paid. Please check the new total."),
    "refused-stock": N_("There is not enough left. Nothing was paid. Please choose fewer."),
    "refused-expired": N_("One of the goods is past its date. Nothing was paid. Please take it out."),
    "refused-other": N_("That did not work. Nothing was paid."),
    "still": N_("Are you still there? Touch the screen or press a key to go on."),
    "officer-called": N_("An officer is called"),
    "officer-coming": N_("An officer is coming"),
    "officer": N_("Call an officer"),
    "touch-to-start": N_("Touch to start"),
    "continue": N_("Continue"),
    "cancel": N_("Cancel"),
    "sure": N_("Press again to confirm."),
    "choose-more": N_("Choose more"),
    "pay-qris": N_("Pay by QRIS"),
    "pay-counter": N_("Pay at the counter"),
    "change-order": N_("Change the order"),
    "try-again": N_("Try again"),
    "finish": N_("Finish"),
    "go-on": N_("Go on"),
    "large": N_("Large letters"),
    "contrast": N_("Strong contrast"),
    "low": N_("Lower position"),
    "on": N_("is on"),
    "off": N_("is off"),
    "sound-off": N_("Sound off"),
    "sound-soft": N_("Sound soft"),
    "sound-normal": N_("Sound normal"),
    "sound-loud": N_("Sound loud"),
    "kind": N_("Kind number"),
    "kind-all": N_("Everything"),
    "item": N_("Item number"),
    "sold-out": N_("Sold out"),
    "chosen": N_("Chosen"),
    "nothing": N_("Nothing chosen yet"),
    "less": N_("One less"),
    "more": N_("One more"),
    "items": N_("items"),
    "total": N_("Total"),
    "minutes": N_("minutes"),
}
"""What is said by itself, or put together from pieces; each file's name and its words."""

LANGUAGE = {"id": ("en", "English"), "en": ("id", "Bahasa Indonesia")}
"""The button for the other language says so in the other language."""

_TO_ELEVEN = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas"
_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_TENS = "thirty forty fifty sixty seventy eighty ninety"
RUPIAH = {"id": "rupiah", "en": "roopia"}
NUMBERS = {
    "id": {
        **{str(n): word for n, word in enumerate(_TO_ELEVEN.split())},
        **{word: word for word in ("belas", "puluh", "seratus", "ratus", "seribu", "ribu", "juta")},
    },
    "en": {
        **{str(n): word for n, word in enumerate(_TO_TWENTY.split())},
        **{str(n): word for n, word in zip(range(30, 100, 10), _TENS.split(), strict=True)},
        **{word: word for word in ("hundred", "thousand", "million")},
    },
}
"""The words from which pos/static/js/kiosk/numbers.js puts every number together."""

SAID = {
    "id": {
        "QRIS": "kris",
        "belas": "[[b@l'as]]",
        "beli": "[[b@l'i]]",
        "belum": "[[b@l'um]]",
        "besar": "[[b@s'aR]]",
        "dengan": "[[d@N'an]]",
        "dompet": "[[d'ompEt]]",
        "empat": "[[@mp'at]]",
        "enam": "[[@n'am]]",
        "keras": "[[k@R2'as]]",
        "kertas": "[[k@Rt'as]]",
        "menit": "[[m@n'it]]",
        "pelan": "[[p@l'an]]",
        "rendah": "[[R2@nd'ah]]",
        "sebelas": "[[s@b@l'as]]",
        "sedang": "[[s@d'aN]]",
        "sentuh": "[[s@nt'uh]]",
        "tekan": "[[t@k'an]]",
        "tetap": "[[t@t'ap]]",
    },
    "en": {"QRIS": "kriss"},
}
"""What the voice would read wrongly, as it has to be written for it; phonemes of espeak-ng stand in [[ ]]."""


def spoken() -> dict[str, dict[str, tuple[str, str]]]:
    """Return of each language the voice and the words of every file."""
    catalogue = merge(fragments())
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for language, voice in VOICES.items():
        files = {}
        for name, english in PROMPTS.items():
            entry = catalogue.get(english)
            words = english if language == "en" or entry is None else texts(entry.string)[0]
            files[name] = (voice, _as_said(words, language))
        other, word = LANGUAGE[language]
        files["language"] = (VOICES[other], word)
        files["rupiah"] = (voice, RUPIAH[language])
        for name, word in NUMBERS[language].items():
            files[f"n-{name}"] = (voice, _as_said(word, language))
        found[language] = files
    return found


def _as_said(words: str, language: str) -> str:
    table = SAID[language]
    return re.sub(r"\w+", lambda found: table.get(found[0], table.get(found[0].lower(), found[0])), words)


def make() -> Iterator[str]:
    """Write every file; yields what was done, a line a language."""
    for language, files in spoken().items():
        folder = FOLDER / language
        folder.mkdir(parents=True, exist_ok=True)
        for left_over in sorted({path.stem for path in folder.glob("*.ogg")} - files.keys()):
            (folder / f"{left_over}.ogg").unlink()
        for name, (voice, words) in files.items():
            _speak(voice, words, folder / f"{name}.ogg")
        size = sum(path.stat().st_size for path in folder.glob("*.ogg"))
        yield f"{folder.name}: {len(files)} files, {size} bytes"


def _speak(voice: str, words: str, file: Path) -> None:
    """Speak, cut the silence off both ends, make it as loud as the others, and pack it."""
    with tempfile.TemporaryDirectory() as place:
        raw, cut = Path(place) / "raw.wav", Path(place) / "cut.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", WORDS_A_MINUTE, "-w", raw, words], check=True)
        subprocess.run(["sox", raw, cut, *CUTTING], check=True)
        packing = [
            "--quiet",
            "--bitrate",
            BITS,
            "--comp",
            "10",
            "--padding",
            "0",
            "--serial",
            "1",
            "--speech",
        ]
        subprocess.run(["opusenc", *packing, "--discard-comments", cut, file], check=True)


if __name__ == "__main__":
    for line in make():
        sys.stdout.write(f"{line}\n")
