"""How the provider of new codes stands: who it is, whether its money is real, whether it answers."""

from dataclasses import dataclass
from datetime import datetime

from pos import board
from pos.errors import N_
from pos.payments.desk import Desk

NO_MERCHANT = N_("The shop's merchant QRIS is not set.")
NO_KEYS = N_("Its keys can't be read, so it can't be asked.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to say about the provider of this machine.

    `last_answer` and `trouble` are of this process; `trouble` is a msgid or the provider's own words.
    """

    provider: str
    sandbox: bool
    ok: bool
    last_answer: datetime | None = None
    trouble: str = ""
    since: datetime | None = None


def standing(desk: Desk, merchant_qris: str | None) -> Standing:
    """Return how the chosen provider stands.

    `merchant_qris` is the shop's setting, which codes of our own are made from; None when it can't be read.
    """
    name = desk.current
    if name == "static":
        set_up = merchant_qris is None or bool(merchant_qris)
        return Standing(name, sandbox=False, ok=set_up, trouble="" if set_up else NO_MERCHANT)
    chosen = desk.provider(name)
    if chosen is None:
        return Standing(name, sandbox=False, ok=False, trouble=NO_KEYS)
    told = board.provider_told(name)
    return Standing(
        name, chosen.sandbox, not told.trouble, told.answered_at, told.trouble, told.trouble_since
    )
