"""What a till never shows is loaded when somebody first asks for it, and nobody notices."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import url_for
from werkzeug.routing import BuildError

from pos.doors.service import Service
from tests.support.command import CHECKOUT, settings_only
from tests.support.demo import Template, copy_to, opened

SELLS = """
import sys, uuid
from pos.app import create_app
from pos.settings import load
import pos.worker

app = create_app(load({}, {"data_dir": sys.argv[1]}))
client, headers = app.test_client(), {"Authorization": f"Bearer {sys.argv[2]}"}
def post(path, **body):
    answer = client.post(f"/api/v1/{path}", json={"id": str(uuid.uuid4()), **body}, headers=headers)
    assert answer.status_code == 201, answer.data
post("shifts", register="K1", float=0)
post("sales", register="K1", lines=[{"sku": "KTO-100", "quantity": 1}],
     tenders=[{"method": "cash", "amount": 15000}])
print("\\n".join(sys.modules))
"""


@pytest.fixture
def service(data_dir: Path, demo_file: Template) -> Iterator[Service]:
    """An app that nobody has asked for anything yet."""
    with opened(data_dir, copy_to(data_dir, demo_file)) as app:
        app.testing = False  # what fails is an answer here, not the end of a thread
        yield app


def test_a_shop_that_only_sells_loads_no_back_office_no_pictures_and_no_other_database(
    data_dir: Path, demo_file: Template
) -> None:
    copy_to(data_dir, demo_file)
    done = subprocess.run(
        [sys.executable, "-c", SELLS, str(data_dir), demo_file.tokens["supervisor"]],
        cwd=CHECKOUT,
        env=settings_only({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines())
    assert "pos.operations.sales" in loaded
    for large in (
        "pos.web.office.pages",
        "PIL",
        "qrcode",
        "escpos",
        "reportlab",
        "prometheus_client",
        "sqlalchemy.dialects.postgresql",
        "psycopg",
        "alembic",
    ):
        assert large not in loaded


def test_the_back_office_is_there_at_its_first_request_and_at_those_after(service: Service) -> None:
    client = service.test_client()
    assert client.get("/healthz").status_code == 200
    assert "office" not in service.blueprints
    for _ in range(2):
        assert client.get("/back-office/sign-in").status_code == 200
    assert "office" in service.blueprints
    assert client.get("/healthz").status_code == 200
    assert client.get("/back-office/nothing-of-this-name").status_code == 404


def test_a_page_that_names_an_address_of_the_back_office_gets_it(service: Service) -> None:
    with service.test_request_context("/help/"):
        assert url_for("office.gate.sign_in") == "/back-office/sign-in"
        assert url_for("office.gate.sign_in", _external=True) == "http://localhost/back-office/sign-in"
        with pytest.raises(BuildError):
            url_for("office.nothing")
        with pytest.raises(BuildError):
            url_for("nothing")


def test_a_page_that_was_asked_for_before_the_back_office_was_loaded_finds_its_address_too(
    service: Service,
) -> None:
    with service.test_request_context("/help/"):
        service.load_all()
        assert url_for("office.gate.sign_in") == "/back-office/sign-in"
        with pytest.raises(BuildError):
            url_for("office.nothing")


def test_tills_get_their_answers_while_the_back_office_is_being_loaded(
    service: Service, demo_file: Template
) -> None:
    ended = threading.Event()
    answers: list[int] = []
    headers = {"Authorization": f"Bearer {demo_file.tokens['cashier']}"}

    def ask() -> None:
        client = service.test_client()
        while not ended.is_set():
            answers.append(client.get("/api/v1/products?limit=1", headers=headers).status_code)

    def look() -> None:
        looked.append(service.test_client().get("/back-office/sign-in").status_code)

    looked: list[int] = []
    tills = [threading.Thread(target=ask) for _ in range(3)]
    people = [threading.Thread(target=look) for _ in range(3)]
    for thread in (*tills, *people):
        thread.start()
    for thread in people:
        thread.join()
    ended.set()
    for thread in tills:
        thread.join()
    assert looked == [200, 200, 200]
    assert set(answers) == {200}
