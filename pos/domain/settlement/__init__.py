"""Settlement files: what a provider says it collected, read and matched with what we know of."""

from pos.domain.settlement.cells import BadCell, Moment, moment, rounded, rupiah, sen, zone
from pos.domain.settlement.matching import (
    Found,
    Matching,
    OurPayment,
    alike,
    match,
    only_ours,
    same_transaction,
)
from pos.domain.settlement.profiles import COLUMNS, PROFILES, Profile
from pos.domain.settlement.reading import MAX_BYTES, MAX_ROWS, Unreadable, read, read_table, template
from pos.domain.settlement.rows import EXAMPLE, Fault, SettlementRow, Sheet

__all__ = [
    "COLUMNS",
    "EXAMPLE",
    "MAX_BYTES",
    "MAX_ROWS",
    "PROFILES",
    "BadCell",
    "Fault",
    "Found",
    "Matching",
    "Moment",
    "OurPayment",
    "Profile",
    "SettlementRow",
    "Sheet",
    "Unreadable",
    "alike",
    "match",
    "moment",
    "only_ours",
    "read",
    "read_table",
    "rounded",
    "rupiah",
    "same_transaction",
    "sen",
    "template",
    "zone",
]
