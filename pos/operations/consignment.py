"""Goods go to a partner and come back unsold. Nobody there signs in: one of us says what was handed over."""

from collections.abc import Sequence
from datetime import datetime

from pos.db import table
from pos.domain.lots import Take
from pos.errors import N_, FieldError, ValidationError
from pos.models import ConsignmentReturn, ConsignmentReturnLine
from pos.operations import lots, partners, stock, transfers
from pos.operations.actor import Actor
from pos.operations.journal import Request, Row, lock_office
from pos.schemas.consignment import BackLineIn, ConsignmentReturnIn, DeliveryIn
from pos.schemas.stock import ArrivalLineIn, TransferArrivalIn, TransferIn

RETURN = table(ConsignmentReturn)
LINE = table(ConsignmentReturnLine)


def deliver(paper: DeliveryIn, actor: Actor, at: datetime, request: Request) -> None:
    """Send goods to a partner with a delivery note; what was handed over already arrives at once.

    Else it is in transit until one of us receives the transfer, short or over. Raises what sending raises.
    """
    lock_office(request)
    code = partners.code_of(partners.known(paper.partner))
    transfers.send(
        TransferIn.model_construct(
            id=paper.id, from_location=paper.from_location, to=code, lines=paper.lines, note=paper.note
        ),
        actor,
        at,
        request,
    )
    if paper.handed_over:
        lines = tuple(
            ArrivalLineIn.model_construct(sku=sku, lot=lot, quantity=quantity)
            for sku, lot, quantity in transfers.sent_lines(paper.id)
        )
        arrived = TransferArrivalIn.model_construct(id=paper.id, lines=lines, reason="")
        transfers.receive(paper.id, arrived, actor, at, None)


def take_back(paper: ConsignmentReturnIn, actor: Actor, at: datetime, request: Request) -> None:
    """Take unsold goods back from a partner; spoiled ones are written off.

    Raises insufficient_stock when more comes back than lies there, validation_error, unknown_sku, Replayed.
    """
    act = stock.begin("consignment_return", actor, at, request)
    partner = partners.known(paper.partner)
    there, here = int(partner["location_id"]), stock.place(paper.to, "to")
    if here == there:
        raise ValidationError(FieldError("to", N_("Choose another location than the one the goods leave.")))
    products = stock.products([line.sku for line in paper.lines])
    _need_reasons(paper.lines)
    taken: list[Take] = []
    rows: list[Row] = []
    # Lots that are named go first, so that lines without a lot do not take their pieces.
    for line in sorted(paper.lines, key=lambda line: line.lot is None):
        takes = stock.out_of_lots(there, products[line.sku], line.sku, line.quantity, line.lot, taken)
        taken += takes
        rows += [
            {
                "return_id": paper.id,
                "position": len(rows) + n,
                "product_id": take.product_id,
                "lot_id": take.lot_id,
                "quantity": take.quantity,
                "spoiled": line.spoiled,
                "reason": line.reason if line.spoiled else "",
            }
            for n, take in enumerate(takes)
        ]
    act.insert(
        RETURN,
        [
            {
                "id": paper.id,
                "number": partners.next_number(RETURN),
                "partner_id": partner["id"],
                "location_id": here,
                "note": paper.note,
                "at": act.at,
                "by": actor.name[:40],
            }
        ],
    )
    act.insert(LINE, rows)
    good = stock.summed(stock.ledger([row for row in rows if not row["spoiled"]]))
    bad = stock.summed(stock.ledger([row for row in rows if row["spoiled"]]))
    stock.moves(act, good, there, here, "returned", paper.id)
    stock.moves(act, bad, there, lots.outside("loss"), "spoiled", paper.id)
    act.finish()
    _settle(there, here, taken, good)


def _settle(there: int, here: int, taken: Sequence[Take], good: Sequence[Take]) -> None:
    stock.settle(there, taken, ())
    if good:
        stock.settle(here, (), good)


def _need_reasons(lines: Sequence[BackLineIn]) -> None:
    wrong = [
        FieldError(f"lines.{n}.reason", N_("Say why it was written off."))
        for n, line in enumerate(lines)
        if line.spoiled and not line.reason
    ]
    if wrong:
        raise ValidationError(*wrong)
