"""The demo shop with the tokens of its cast, made in this process."""

from pathlib import Path

import pytest

from tests.cast import PROGRAMS


def make_demo_shop(folder: Path, url: str) -> dict[str, str]:
    """Do what `pos init --demo` and `pos token create` do."""
    from pos import cli, clock
    from pos.db import transact
    from pos.operations import people
    from pos.operations.actor import SYSTEM

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POS_DATA_DIR", str(folder))
        patch.setenv("POS_DATABASE_URL", url)
        cli.initialise(demo=True)
        with cli.shop():
            return {
                name: transact(
                    lambda name=name, role=role, at=register: people.create_token(
                        name, role, at, SYSTEM, clock.now()
                    )
                )
                for name, (role, register) in PROGRAMS.items()
            }
