"""Somebody at the back office: a browser without scripts that keeps cookies and fills in forms."""

import re
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import new_id

OURS = {"Sec-Fetch-Site": "same-origin"}
PINS = {
    "Manajer": "111111",
    "Pengawas": "222222",
    "Kasir": "333333",
    "Bendahara": "444444",
    "Pemeriksa": "555555",
    "Tanpa Tunai": "666666",
}
ROLES = {
    "Manajer": "manager",
    "Pengawas": "supervisor",
    "Kasir": "cashier",
    "Bendahara": "treasurer",
    "Pemeriksa": "auditor",
    "Tanpa Tunai": "cashless",
}


class Person:
    """A browser at the back office."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app = app
        self.client = app.test_client()
        self.client.set_cookie("pos_language", language)
        self.page: TestResponse | None = None

    @property
    def text(self) -> str:
        """What the page says, without its tags."""
        assert self.page is not None
        body = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", self.page.text)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))

    @property
    def source(self) -> str:
        assert self.page is not None
        return self.page.text

    def see(self, path: str, status: int = 200) -> str:
        """Open a page, redirects followed, and return what it says."""
        self.page = self.client.get(_address(path), follow_redirects=True)
        assert self.page.status_code == status, self.text
        return self.text

    def status(self, path: str) -> int:
        """The status of a page, redirects not followed."""
        return self.client.get(_address(path)).status_code

    def send(self, path: str, form: dict[str, Any] | None = None, status: int = 200, **more: Any) -> str:
        """Send a form, follow the redirect, and return what the page then says."""
        values = {"form_id": new_id(), **(form or {})}
        self.page = self.client.post(_address(path), data=values, headers=OURS, follow_redirects=True, **more)
        assert self.page.status_code == status, self.text
        return self.text

    def value(self, name: str) -> str:
        """What stands in an input of the page."""
        found = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*?\bvalue="([^"]*)"', self.source)
        assert found is not None, f"no field {name}"
        return unescape(found.group(1))

    def fault(self, name: str) -> str:
        """What the page says is wrong with a field."""
        found = re.search(rf'id="{re.escape(name)}-error">([^<]*)<', self.source)
        return unescape(found.group(1)) if found else ""

    def sign_in(self, name: str) -> "Person":
        self.send("sign-in", {"name": name, "pin": PINS[name]})
        return self


def _address(path: str) -> str:
    return path if path.startswith("/") else f"/back-office/{path}"
