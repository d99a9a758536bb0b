"""What the forms of stock papers share: rows of goods, some of them empty, and who may choose what."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from flask import flash, render_template, request
from flask_babel import gettext

from pos.doors import identity
from pos.errors import N_
from pos.operations.actor import Actor
from pos.operations.journal import Request
from pos.queries import catalogue, outlets
from pos.schemas.stock import TransferPrintIn
from pos.web.office import words
from pos.web.office.form import Form

ROWS = 6
MOST_ROWS = 60

Line: TypeAlias = dict[str, Any]


def fresh() -> Form:
    """Return an empty form; a link may name its location and its first row."""
    first = outlets.shelves()[0].code
    return Form(
        {
            "location": request.args.get("location", first),
            "from": request.args.get("location", first),
            "lines.0.sku": request.args.get("sku", ""),
            "lines.0.lot": request.args.get("lot", ""),
            "lines.0.quantity": request.args.get("quantity", ""),
            "reason": request.args.get("reason", ""),
        }
    )


def page(template: str, form: Form, **more: object) -> str:
    """Return the page of a stock paper."""
    return render_template(
        template,
        form=form,
        rows=_shown(form),
        products=catalogue.choices(),
        shelves=shelf_choices(),
        reasons=[(reason, gettext(text)) for reason, text in words.ADJUSTMENT.items()],
        **more,
    )


def shelf_choices() -> list[tuple[str, str]]:
    """Return our locations as a select wants them."""
    return [(shelf.code, f"{shelf.name} ({shelf.code})") for shelf in outlets.shelves()]


def more(form: Form, template: str, **also: object) -> str:
    """Return the page once more with more rows."""
    form.data["rows"] = str(min(MOST_ROWS, _shown(form) + ROWS))
    return page(template, form, **also)


def lines(form: Form, read: Callable[[int], Line]) -> tuple[list[Line], list[int]]:
    """Return the lines that name a product, and which row of the form each is."""
    found, rows = [], []
    for n in range(_shown(form)):
        if form.value(f"lines.{n}.sku"):
            found.append({"sku": form.value(f"lines.{n}.sku"), **read(n)})
            rows.append(n)
        elif any(form.value(f"lines.{n}.{name}").strip() for name in ("quantity", "lot", "expires_on")):
            form.wrong(f"lines.{n}.sku", N_("Choose a product."))
    if not found and not form.errors:
        form.wrong("lines.0.sku", N_("Choose a product."))
    return found, rows


def _shown(form: Form) -> int:
    sent = form.value("rows")
    asked = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0
    return min(MOST_ROWS, max(ROWS, asked))


def registers(own: str | None) -> list[tuple[str, str]]:
    """Return the registers at whose printer the reader may print."""
    return [
        (desk.code, f"{desk.code} · {desk.name}")
        for desk in outlets.desks()
        if desk.active and own in (None, desk.code)
    ]


def at_till() -> bool:
    """Say whether the browser is a register, so that a page can lead back to selling."""
    device = identity.current_device()
    return bool(device and device.register and device.register.kind == "till")


def printed(form: Form, actor: Actor, order: Callable[[TransferPrintIn, datetime, Request], None]) -> bool:
    """Have the register that the form names print a slip; False: it was refused, and the form says why."""
    register = form.choice("register", [code for code, _ in registers(actor.register)])

    def work(key: Request, at: datetime) -> None:
        order(TransferPrintIn.model_validate({"id": key.id, "register": register}), at, key)

    if not form.carry_out(work):
        return False
    flash(gettext("The slip is being printed at %(register)s.", register=register))
    return True
