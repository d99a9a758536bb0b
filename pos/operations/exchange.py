"""A shop and an outlet of it that sells cut off: linked by a code, then by files that count once each."""

import secrets
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from pos import clock
from pos.db import db, table
from pos.domain import exchange
from pos.domain.exchange import FORMAT, VERSION, Body, Unusable
from pos.domain.rights import Right
from pos.errors import N_, FieldError, NotFound, PosError, ValidationError
from pos.models import ExchangeFile, ExchangeGoods, ExchangeLink, Location, Outlet
from pos.operations import partners, stock
from pos.operations.actor import Actor
from pos.operations.journal import Act, Request, Row, lock_office, next_id

LINK = table(ExchangeLink)
FILE = table(ExchangeFile)
GOODS = table(ExchangeGoods)
LOCATION = table(Location)
REFUSALS = {
    "unreadable": N_("This is no file of a shop or an outlet of ours. Choose the file as it came."),
    "newer": N_("This file was made by a newer program. Install that one first."),
    "changed": N_("This file was changed, or it is for another shop. Ask for it again."),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was read: its link, its body, and the file as it came."""

    link: Row
    body: Body
    data: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return sha256(self.data).hexdigest()


def link_outlet(code: str, actor: Actor, at: datetime, request: Request) -> None:
    """Link an outlet that is a partner of ours, or give it a new key; its code is then shown by link_code_of.

    Raises validation_error, Replayed.
    """
    book = lock_office(request)
    actor.need(Right.MANAGE)
    partner = partners.known(code)
    if partner["kind"] != "outlet":
        raise ValidationError(
            FieldError(
                "partner", N_("Only a partner that is an outlet of ours has a shop that can be linked.")
            )
        )
    _save(
        Act(book, "exchange_linked", actor, at, request),
        {
            "side": "main",
            "code": code,
            "name": partner["name"],
            "location_id": partner["location_id"],
            "back_id": None,
            "secret": secrets.token_hex(16),
        },
    )


def join(text: str, location: str, name: str, actor: Actor, at: datetime, request: Request) -> None:
    """Link this shop to the main one whose code this is; their goods will lie at `location`.

    Goods that go back unsold are sent to a place made for it, PUSAT. Raises validation_error, Replayed.
    """
    book = lock_office(request)
    actor.need(Right.MANAGE)
    read = exchange.read_link_code(text)
    if read is None:
        raise ValidationError(FieldError("code", N_("This code is not complete. Copy all of it.")))
    code, key = read
    act = Act(book, "exchange_linked", actor, at, request)
    _save(
        act,
        {
            "side": "outlet",
            "code": code,
            "name": name[:60] or "Pusat",
            "location_id": stock.place(location),
            "back_id": _back(act),
            "secret": key,
        },
    )


def _back(act: Act) -> int:
    found: int | None = db.session.execute(
        select(Location.id).where(Location.code == "PUSAT")
    ).scalar_one_or_none()
    if found is None:
        found = next_id(LOCATION)
        row = {"id": found, "code": "PUSAT", "name": "Kembali ke pusat", "kind": "stock"}
        act.insert(LOCATION, [row])
    return found


def _save(act: Act, row: Row) -> None:
    before = db.session.execute(select(LINK).where(LINK.c.code == row["code"])).mappings().one_or_none()
    if before is None:
        act.insert(LINK, [{"id": next_id(LINK), **row}])
    elif before["side"] == row["side"]:
        act.change(LINK, {"id": before["id"]}, row)
    else:
        raise ValidationError(
            FieldError("code", N_("This is the shop the code was made in. Type it at the outlet."))
        )
    act.finish()


def link_of(code: str, side: str) -> Row:
    """Return the link with this code. Raises not_found."""
    row = (
        db.session.execute(select(LINK).where(LINK.c.code == code, LINK.c.side == side))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(N_("This outlet is not linked yet."))
    return dict(row)


def only_link(side: str) -> Row:
    """Return the one link of a side. Raises not_found."""
    rows = db.session.execute(select(LINK).where(LINK.c.side == side)).mappings().all()
    if len(rows) != 1:
        raise NotFound(N_("This shop is not linked to a main shop. Type its code first."))
    return dict(rows[0])


def link_code_of(code: str) -> str:
    """Return what is typed at the outlet to link it. Whoever knows it can write files that we take."""
    row = link_of(code, "main")
    return exchange.link_code(row["code"], row["secret"])


def read(data: bytes, side: str, kind: str) -> Taken:
    """Read a file and look at its seal. Raises exchange_refused with a plain sentence."""
    try:
        body = exchange.peek(data)
        code = str(body.get("code"))
        link = db.session.execute(select(LINK).where(LINK.c.code == code)).mappings().one_or_none()
        if link is None:
            raise refused(N_("This file is for %(code)s, to which this shop is not linked."), code=code[:40])
        body = exchange.opened(data, link["secret"])
    except Unusable as error:
        raise refused(REFUSALS[error.reason]) from error
    if link["side"] != side or body["kind"] != kind:
        raise refused(N_("This file goes the other way: it was made to be taken in at the other shop."))
    return Taken(dict(link), body, data)


def refused(message: str, **params: object) -> PosError:
    """Return a refusal of a file."""
    return PosError("exchange_refused", message, params, extra={"status": 422})


def last_number(link_id: int, kind: str) -> int:
    """Return the number of the newest file of a kind, 0 without one."""
    return int(
        db.session.execute(
            select(func.coalesce(func.max(FILE.c.number), 0)).where(
                FILE.c.link_id == link_id, FILE.c.kind == kind
            )
        ).scalar_one()
    )


def last_body(link_id: int, kind: str) -> Body | None:
    """Return what the newest file of a kind says, None without one."""
    data = db.session.execute(
        select(FILE.c.data)
        .where(FILE.c.link_id == link_id, FILE.c.kind == kind)
        .order_by(FILE.c.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if data is None else exchange.peek(zlib.decompress(data))


def need_next(taken: Taken) -> None:
    """Refuse a file whose turn it is not. Raises exchange_known and exchange_gap."""
    number, kind = int(taken.body["number"]), str(taken.body["kind"])
    last = last_number(taken.link["id"], kind)
    if number <= last:
        message = N_("File %(number)s counts already. Nothing was changed.")
        raise PosError("exchange_known", message, {"number": number})
    if number > last + 1:
        message = N_(
            "File %(missing)s is missing: take it in before file %(number)s. The other shop can hand it out "
            "again."
        )
        raise PosError("exchange_gap", message, {"missing": last + 1, "number": number})


def head(link: Row, kind: str, file_id: str, at: datetime, until: date) -> Body:
    """Return how the body of a new file begins."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "kind": kind,
        "id": file_id,
        "code": link["code"],
        "number": last_number(link["id"], kind) + 1,
        "made_at": clock.iso(at),
        "until": until.isoformat(),
    }


def keep(act: Act, link: Row, body: Body, data: bytes, pieces: int, transfers: Sequence[str] = ()) -> None:
    """Add a file, and the deliveries it carries, to the act that made it or took it in."""
    act.insert(
        FILE,
        [
            {
                "id": body["id"],
                "link_id": link["id"],
                "kind": body["kind"],
                "number": body["number"],
                "made_at": datetime.fromisoformat(body["made_at"]),
                "until_on": date.fromisoformat(body["until"]),
                "pieces": pieces,
                "sha256": sha256(data).hexdigest(),
                "data": zlib.compress(data, 9),
                "at": act.at,
                "by": act.actor.name[:40],
            }
        ],
    )
    act.insert(GOODS, [{"transfer_id": transfer, "file_id": body["id"]} for transfer in transfers])


def again(file_id: str) -> tuple[bytes, str]:
    """Return a file as it was written, and its name: for one that was lost on its way. Raises not_found."""
    row = db.session.execute(
        select(FILE.c.data, FILE.c.kind, FILE.c.number, LINK.c.code)
        .join(LINK, LINK.c.id == FILE.c.link_id)
        .where(FILE.c.id == file_id)
    ).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such file."))
    data, kind, number, code = row
    return zlib.decompress(data), file_name(kind, code, number)


NAMES = {"delivery": "kiriman", "settlement": "setoran"}


def file_name(kind: str, code: str, number: int) -> str:
    """Return what a file is called: setoran-GERAI2-0003.karya."""
    return f"{NAMES[kind]}-{code}-{number:04d}.karya"


def today_at(link: Mapping[str, Any], at: datetime) -> date:
    """Return the local day where the goods of a link lie."""
    return at.astimezone(zone_of(link)).date()


def zone_of(link: Mapping[str, Any]) -> ZoneInfo:
    """Return the time zone where the goods of a link lie."""
    zone = db.session.execute(
        select(Outlet.time_zone).order_by(Outlet.location_id != link["location_id"], Outlet.id).limit(1)
    ).scalar_one_or_none()
    return ZoneInfo(zone or "Asia/Jakarta")


def partner_of(link: Row) -> Row:
    """Return the partner of a link of the main side."""
    row = db.session.execute(
        select(partners.PARTNER).where(partners.PARTNER.c.location_id == link["location_id"])
    ).mappings()
    return dict(row.one())
