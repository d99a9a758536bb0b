"""Providers of QRIS payments, a file each, behind the interface of `base`."""

import logging

from pos.payments.base import Provider
from pos.settings import Settings, SettingsError

log = logging.getLogger(__name__)


def check(settings: Settings) -> None:
    """Make sure at the start that the chosen provider's keys can be read. Raises SettingsError."""
    _make(settings.qris.provider, settings)


def provider(name: str, settings: Settings) -> Provider | None:
    """Return the provider called `name`, None when these settings don't reach it; `static` needs none.

    One that is not chosen any more is still asked about what it collected, as long as its keys are there.
    """
    try:
        return _make(name, settings)
    except SettingsError as error:
        log.warning("%s can't be asked: %s", name, error)
        return None


def _make(name: str, settings: Settings) -> Provider | None:
    qris = settings.qris
    if name == "simulator":
        from pos.payments.simulator import Simulator

        return Simulator(settings.data_dir)
    if name == "snap" and qris.snap.base_url and qris.snap.client_secret:
        # Imported here, as cryptography takes a while and most shops do without it.
        from pos.payments.snap import Snap

        return Snap(qris.snap)
    if name == "midtrans" and qris.midtrans.server_key:
        from pos.payments.midtrans import Midtrans

        return Midtrans(qris.midtrans)
    return None
