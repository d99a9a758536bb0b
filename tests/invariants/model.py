"""What a register and a sale are to the model: sums in plain integers, and nothing of the program."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Drawer:
    """A register as the model knows it."""

    shift: str | None = None
    counted: bool = False
    expected: int = 0
    net: int = 0
    numbers: list[str] = field(default_factory=list)
    refunds: list[str] = field(default_factory=list)
    grand_total: int = 0
    z: int = 0


@dataclass
class Sold:
    """A sale as the model knows it."""

    body: dict[str, Any]
    register: str
    total: int
    change: int
    status: str
    shift: str
    left: dict[str, int]
    paid: dict[str, int]
    refunded: int = 0
    reference: str = ""
    tenders: list[dict[str, Any]] = field(default_factory=list)
    corrections: int = 0

    @property
    def id(self) -> str:
        return str(self.body["id"])


def check_report(report: dict[str, Any], drawer: Drawer) -> None:
    """Every formula of the contract holds, with the figures that the model knows."""
    assert report["expected_cash"] == drawer.expected
    assert report["net"] == drawer.net == sum(report["by_method"].values())
    assert report["net"] == (report["gross"] - report["discounts"] + report["rounding"] - report["refunds"])
    assert report["expected_cash"] == (
        report["float"]
        + report["cash_sales"]
        - report["cash_refunds"]
        + report["paid_in"]
        - report["paid_out"]
    )
    assert report["grand_total"] == drawer.grand_total
    if report["counted_cash"] is not None:
        assert report["over_short"] == report["counted_cash"] - report["expected_cash"]
