"""What providers of SNAP do differently, a profile each. A difference nobody documented is not in here.

Sources: for doku, faspay, winpay and midtrans_snap the providers' public documentation as of November 2026;
for astrapay its paper on dynamic QRIS; for manjo an integrator's description, not confirmed by Manjo.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from pos.payments.base import State
from pos.payments.snap_sign import Scheme
from pos.settings import SettingsError

Said: TypeAlias = State | Literal["refunded"]
"""What a status code says; `refunded`: it was paid, and given back."""

STANDARD: Mapping[str, Said] = {
    "00": "paid",
    "01": "waiting",
    "02": "waiting",
    "03": "waiting",
    "04": "refunded",
    "05": "cancelled",
    "06": "failed",
    "07": "not_found",
}
"""latestTransactionStatus as Bank Indonesia's standard has it."""

MIDTRANS: Mapping[str, Said] = {**STANDARD, "08": "expired", "09": "failed"}
WINPAY: Mapping[str, Said] = {"00": "paid", "07": "waiting"}
"""Winpay knows two words, and says "not found" of a code that nobody has paid yet."""
MANJO_NOTIFIES: Mapping[str, Said] = {
    "01": "failed",
    "02": "failed",
    "03": "paid",
    "04": "waiting",
    "05": "refunded",
    "06": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """The ways of one provider.

    `asked` reads the answers to our questions. `notified` reads notifications, and only for the log: whatever
    they say, the provider is asked. Our reference of 32 letters and digits is within what all of them allow
    (Faspay 32, Midtrans 36, Winpay 50, the standard 64).
    """

    name: str
    path_prefix: str = ""
    """Before /v1.0/..., unless the settings name another."""
    token_path: str = ""
    """Where the access token is had; empty: below the prefix, as in the standard."""
    scheme: Scheme = "hmac"
    external_id_is_reference: bool = False
    """Whether X-EXTERNAL-ID of a request that makes something repeats its number instead of being digits."""
    minimum_poll: float = 5.0
    shortest_validity: int = 0
    """Least seconds of a code's life that the provider accepts."""
    asked: Mapping[str, Said] = field(default_factory=lambda: STANDARD)
    notified: Mapping[str, Said] = field(default_factory=lambda: STANDARD)
    amount_fields: tuple[str, ...] = ("amount",)
    refund_success: tuple[str, ...] = ("2007800",)
    cancels: bool = True
    refunds: bool = True
    extra: Mapping[str, object] = field(default_factory=dict)
    """What additionalInfo of a generate request always holds."""


_STANDARD = Profile("standard", refund_success=("2007800", "2007700"))

PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        _STANDARD,
        replace(
            _STANDARD,
            name="doku",
            path_prefix="/snap-adapter/b2b",
            token_path="/authorization/v1/access-token/b2b",  # noqa: S106 - a path
            extra={"feeType": "1"},
        ),
        # 05 is also what an expired code answers: either way nobody can pay it any more.
        replace(_STANDARD, name="astrapay", path_prefix="/qris-service/snap"),
        replace(
            _STANDARD,
            name="midtrans_snap",
            external_id_is_reference=True,
            minimum_poll=10.0,
            shortest_validity=20,
            asked=MIDTRANS,
            notified=MIDTRANS,
            amount_fields=("amount", "transAmount"),
        ),
        replace(
            _STANDARD,
            name="winpay",
            shortest_validity=90,
            asked=WINPAY,
            refunds=False,
            extra={"isStatic": False},
        ),
        # Faspay signs everything with RSA and gives no access token.
        replace(_STANDARD, name="faspay", scheme="rsa"),
        replace(_STANDARD, name="manjo", notified=MANJO_NOTIFIES),
    )
}


def profile_of(name: str) -> Profile:
    """Return the profile called `name`. Raises SettingsError."""
    profile = PROFILES.get(name)
    if profile is None:
        raise SettingsError(f"qris.snap.profile: must be one of {', '.join(PROFILES)}")
    return profile
