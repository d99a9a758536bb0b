"""A payment company on a socket, and a shop that knows it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from pos.ids import new_id
from pos.payments.base import Attempt
from pos.payments.http import Patience
from pos.payments.snap import Snap
from pos.settings import load
from tests.fake_snap import FakeSnap

QUICK = Patience(connect=1.0, read=0.25, total=0.35)
"""For what ends the same whether an answer comes late or never."""


@pytest.fixture(scope="session")
def two_keys() -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    return rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)


@pytest.fixture
def banks(two_keys: tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]) -> Iterator[Callable[..., FakeSnap]]:
    opened: list[FakeSnap] = []

    def open_one(**how: Any) -> FakeSnap:
        opened.append(FakeSnap(merchant_key=two_keys[0], own_key=two_keys[1], **how).__enter__())
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def bank(banks: Callable[..., FakeSnap]) -> FakeSnap:
    return banks()


def shop(bank: FakeSnap, folder: Path, *, patience: Patience | None = None, **changes: Any) -> Snap:
    """The provider as a shop that knows the bank has it."""
    settings = load(bank.variables(folder)).qris.snap
    return Snap(replace(settings, **changes), patience=patience or Patience(2.0, 3.0, 4.0))


@pytest.fixture
def snap(bank: FakeSnap, tmp_path: Path) -> Snap:
    return shop(bank, tmp_path)


@contextlib.contextmanager
def hurried(snap: Snap) -> Iterator[Snap]:
    """The same shop, for a while with almost no patience."""
    client = snap._caller.client
    client._patience, usual = QUICK, client._patience
    yield snap
    client._patience = usual


def attempt(amount: int = 25_000) -> Attempt:
    """An attempt that begins now."""
    at = datetime.now(UTC)
    reference = new_id().replace("-", "").upper()
    return Attempt(reference, None, amount, at, at + timedelta(seconds=300), "K1")
