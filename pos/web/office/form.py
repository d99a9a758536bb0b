"""A form as it was sent: what was typed, read with care, and what is wrong with it, field by field."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from flask import request
from flask_babel import gettext
from pydantic import ValidationError as PydanticError
from werkzeug.datastructures import MultiDict

from pos import clock
from pos.db import transact
from pos.domain.money import MAX_AMOUNT
from pos.doors import identity, problems
from pos.errors import N_, PosError
from pos.ids import is_id, new_id
from pos.operations import people
from pos.operations.actor import Actor
from pos.operations.journal import Replayed, Request

ID = "form_id"
APPROVER, APPROVAL_PIN = "approval_user", "approval_pin"
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,\u00a0 ][0-9]{3})+")


class Form:
    """What stands in a form's fields. Its own id makes sending it twice do its work once."""

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        self.data: MultiDict[str, str] = MultiDict()
        for name, value in (values or {}).items():
            self.data.setlist(name, _texts(value))
        self.errors: dict[str, str] = {}
        self.message = ""
        self.status = 200
        self.approver_role = ""
        self.attached = ""
        self.repeated = False
        self.id = new_id()

    @classmethod
    def sent(cls) -> "Form":
        """Return the form of this request."""
        form = cls()
        form.data = MultiDict(request.form)
        sent = form.data.get(ID, "").lower()
        form.id = sent if is_id(sent) else new_id()
        return form

    def value(self, name: str) -> str:
        """Return what stands in a field, as it was typed."""
        return self.data.get(name, "")

    def values(self, name: str) -> list[str]:
        """Return every value of a field that may come several times."""
        return self.data.getlist(name)

    def error(self, name: str) -> str:
        """Return what is wrong with a field, in the reader's language; empty when nothing is."""
        return self.errors.get(name, "")

    def wrong(self, name: str, message: str, **params: object) -> None:
        """Note what is wrong with a field; the first fault of a field is the one that is shown."""
        text = gettext(message)
        self.errors.setdefault(name, text % params if params else text)
        if self.status < 400:
            self.status = 422

    def text(self, name: str, *, required: bool = False) -> str:
        """Return a field's text without the space around it."""
        value = self.value(name).strip()
        if required and not value:
            self.wrong(name, N_("Fill this in."))
        return value

    def rupiah(self, name: str, *, required: bool = True) -> int | None:
        """Return rupiah typed in any way people write them: 12500, 12.500, Rp 12.500."""
        text = self.value(name).strip()
        if not text:
            self._missing(name, required)
            return None
        text = text.lower().removeprefix("rp").strip(". \u00a0")
        if _GROUPED.fullmatch(text):
            text = re.sub(r"[^0-9]", "", text)
        return self._digits(name, text, 0, MAX_AMOUNT, N_("Type whole rupiah, for example 12.500."))

    def whole(self, name: str, least: int, most: int, *, required: bool = True) -> int | None:
        """Return a whole number between two others, both included."""
        text = self.value(name).strip().replace("\u2212", "-")
        if not text:
            self._missing(name, required)
            return None
        return self._digits(name, text, least, most, N_("Type a whole number from %(least)s to %(most)s."))

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Return a date as a date field sends it."""
        text = self.value(name).strip()
        if not text:
            self._missing(name, required)
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.wrong(name, N_("Use a date like 2026-11-24."))
            return None

    def ticked(self, name: str) -> bool:
        """Say whether a box is ticked."""
        return bool(self.value(name))

    def choice(self, name: str, allowed: Mapping[str, object] | list[str]) -> str:
        """Return one of the choices that were offered."""
        value = self.value(name)
        if value not in allowed:
            self.wrong(name, N_("Choose one of these."))
        return value

    def carry_out(
        self, work: Callable[[Request, datetime], object], rename: Callable[[str], str] = lambda loc: loc
    ) -> bool:
        """Run `work` in one transaction with this form's id; say whether it is done, now or before.

        A refusal stays in the form: `rename` turns the operation's place of a fault into the field's name.
        """
        if self.errors:
            return False
        key, at = self.key(), clock.now()
        try:
            # No till waits for its answer until a form is done: it may bring ten thousand rows.
            transact(lambda: work(key, at), alone=True)
        except Replayed:
            self.repeated = True
            return True
        except PydanticError as error:
            self.refuse(problems.from_pydantic(error), rename)
        except PosError as error:
            self.refuse(error, rename)
        return not self.status >= 400

    def refuse(self, error: PosError, rename: Callable[[str], str] = lambda loc: loc) -> None:
        """Note a refusal: at its fields, and as the sentence above the form."""
        self.status = problems.status_of(error)
        for field in problems.field_sentences(error):
            self.errors.setdefault(rename(field["field"]), field["message"])
        self.message = problems.sentence(error)
        if error.code == "id_conflict":
            self.id = new_id()
            self.message = gettext(
                "This form was sent before with other contents. See what was saved; sending again adds to it."
            )
        if error.code in ("approval_needed", "approval_wrong", "slow_down"):
            self.approver_role = str(error.extra.get("role", self.approver_role or "supervisor"))
        if error.code == "approval_wrong":
            self.errors.setdefault(APPROVAL_PIN, self.message)

    def approved(self, actor: Actor) -> Actor:
        """Return the actor with the person who approves, when the form names one."""
        name = self.value(APPROVER)
        if not name or self.errors:
            return actor
        try:
            approver = people.check_approval(
                name, self.value(APPROVAL_PIN).strip(), clock.now(), source=identity.source()
            )
        except PosError as error:
            self.refuse(error)
            self.errors.setdefault(APPROVAL_PIN, self.message)
            return actor
        return replace(actor, approver=approver)

    def key(self) -> Request:
        """Return the id of this form and the hash of what it asks: its file included, approval aside."""
        asked = {
            name: self.values(name) for name in sorted(self.data) if name not in (APPROVER, APPROVAL_PIN, ID)
        }
        text = json.dumps([request.path, asked, self.attached], ensure_ascii=False)
        return Request(self.id, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())

    def _missing(self, name: str, required: bool) -> None:
        if required:
            self.wrong(name, N_("Fill this in."))

    def _digits(self, name: str, text: str, least: int, most: int, message: str) -> int | None:
        sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
        if (
            digits.isascii()
            and digits.isdigit()
            and len(digits) <= 15
            and least <= sign * int(digits) <= most
        ):
            return sign * int(digits)
        self.wrong(name, message, least=least, most=most)
        return None


def _texts(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    if isinstance(value, bool):
        return ["1"] if value else []
    return [""] if value is None else [str(value)]


def strip(prefix: str) -> Callable[[str], str]:
    """Return a rename for `carry_out` that takes a prefix off."""
    return lambda loc: loc.removeprefix(prefix)


def by_row(rows: list[int]) -> Callable[[str], str]:
    """Return a rename from the lines of a request to the rows of the form they were typed in."""

    def rename(loc: str) -> str:
        parts = loc.split(".")
        if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(rows):
            parts[1] = str(rows[int(parts[1])])
        return ".".join(parts)

    return rename
