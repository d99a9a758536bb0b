"""Labels for shelves and packages."""

import json
from zoneinfo import ZoneInfo

from flask import Response, request
from pydantic import ValidationError as PydanticError

from pos import clock
from pos.api.endpoint import Call, View, argument, changes, reads
from pos.doors import problems
from pos.errors import N_, FieldError, ValidationError
from pos.operations import labels
from pos.operations.actor import Actor
from pos.queries.products import location_of
from pos.schemas.answers import LabelsOut
from pos.schemas.papers import LabelSheetIn, LabelStripIn

NUMBERS = ("first", "right", "down")


def _show_labels(actor: Actor, made: str) -> View:
    return {"id": made}


@changes("/labels", LabelStripIn, _show_labels, "Print labels on a register's printer", LabelsOut)
def post_labels(call: Call, body: LabelStripIn) -> None:
    """Print labels, each cut or torn off."""
    labels.print_labels(body, call.actor, call.at, call.request)


@reads(
    "/labels.pdf",
    "Labels on sheets of A4",
    query=(
        ("kind", "shelf or lot"),
        ("items", 'JSON: [{"sku", "lot", "copies"}]'),
        ("code", "barcode or qr"),
        ("sheet", "3x8: 24 labels of 70 x 37 mm; 5x13: 65 of 38.1 x 21.2 mm"),
        ("first", "place of the first label, for a sheet that was used in part"),
        ("right", "millimetres that everything is moved to the right"),
        ("down", "millimetres that everything is moved down"),
    ),
)
def get_label_sheet(actor: Actor) -> Response:
    """Return the PDF."""
    order = _asked()
    _, zone = location_of(actor.register)
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    answer = Response(labels.sheet(order, actor, today), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="labels.pdf"'
    return answer


def _asked() -> LabelSheetIn:
    """Return what the address asks for, checked as strictly as a body. Raises validation_error."""
    values: dict[str, object] = {name: argument(name) for name in request.args}
    try:
        values["items"] = json.loads(argument("items") or "[]")
        values |= {name: int(str(values[name])) for name in NUMBERS if name in values}
    except (ValueError, RecursionError) as error:
        raise ValidationError(FieldError("", N_("This request can't be understood."))) from error
    try:
        return LabelSheetIn.model_validate(values)
    except PydanticError as error:
        raise problems.from_pydantic(error) from error
