"""Printers of this machine: what they say, adding, changing and removing them, and their guided test."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from pos.domain.rights import Right
from pos.doors import identity, problems
from pos.doors.machine import settings
from pos.errors import N_, NotFound, PosError
from pos.operations import papers, printer_list
from pos.operations.printer_list import Listed
from pos.queries.outlets import desks
from pos.queries.print_jobs import print_job
from pos.settings import printer_models
from pos.web.office import printer_form, printer_words
from pos.web.office.form import Form

bp = Blueprint("printers", __name__, url_prefix="/devices/printers")

ANSWERS = ("yes", "no")


@bp.get("/")
def index() -> str:
    """Every printer of this machine with what it says about itself."""
    identity.need(Right.MANAGE)
    found, broken = [], ""
    try:
        found = printer_list.printers(settings())
    except PosError as error:
        broken = problems.sentence(error)
    return render_template(
        "office/devices/printers.html",
        printers=[(one, *printer_words.says(one.config.name)) for one in found],
        broken=broken,
        sources={key: gettext(text) for key, text in printer_words.SOURCES.items()},
        connections=dict(printer_words.choices(printer_words.CONNECTIONS)),
        removal=Form(),
    )


@bp.get("/new")
def new() -> str:
    """The form for a new printer."""
    identity.need(Right.MANAGE)
    start = {"connection": "network", "port": 9100, "qr": "image", "timeout": 5, "baud_rate": 9600}
    return _page(None, Form(start))


def _page(found: Listed | None, form: Form) -> str:
    here = settings()
    codes = [desk.code for desk in desks() if desk.active]
    strange = [code for code in form.values("registers") if code and code not in codes]
    connections = printer_words.choices(printer_words.CONNECTIONS)
    return render_template(
        "office/devices/printer.html",
        found=found,
        form=form,
        registers=[*codes, *dict.fromkeys(strange)],
        connections=connections,
        models=printer_words.models(printer_models(here.data_dir)),
        flow=printer_words.choices(printer_words.FLOW),
        speeds=[(speed, speed) for speed in printer_form.SPEEDS],
        columns=[
            ("", gettext("As the model has it")),
            ("32", gettext("32 (58 mm)")),
            ("42", gettext("42 (80 mm at 180 dpi)")),
            ("48", gettext("48 (80 mm)")),
            *_other(form.value("columns"), ("", "32", "42", "48")),
        ],
        qr=[("image", gettext("drawn by us, as a picture")), ("native", gettext("drawn by the printer"))],
        drawers=[
            ("", gettext("The first register's")),
            *((code, code) for code in codes),
            (printer_form.NONE, gettext("No drawer")),
        ],
        pins=[("", gettext("As the model has it")), ("2", "2"), ("5", "5"), ("0", gettext("No socket"))],
        cutters=[
            ("", gettext("As the model has it")),
            ("yes", gettext("It cuts")),
            ("no", gettext("Tear bar, no cutter")),
        ],
        paper_folder=here.data_dir / printer_list.PAPER_FOLDER,
    )


def _other(value: str, known: tuple[str, ...]) -> list[tuple[str, str]]:
    return [] if value in known else [(value, value)]


@bp.post("/new")
def add() -> Response | tuple[str, int]:
    """Add a printer."""
    identity.need(Right.MANAGE)
    return _save(None)


@bp.get("/edit/<path:name>")
def edit(name: str) -> str:
    """The form to change a printer; one of the settings file gets a table of the back office over it."""
    identity.need(Right.MANAGE)
    found = printer_list.printer(settings(), name)
    return _page(found, printer_form.filled(found))


@bp.post("/edit/<path:name>")
def change(name: str) -> Response | tuple[str, int]:
    """Change a printer."""
    identity.need(Right.MANAGE)
    return _save(printer_list.printer(settings(), name))


def _save(found: Listed | None) -> Response | tuple[str, int]:
    actor, form, here = identity.actor(), Form.sent(), settings()
    replaces = found.config.name if found else None
    if found and found.source != "office":
        form.data["name"] = found.config.name
    entry = printer_form.read(form, found.entry if found else {}, here.data_dir)
    renamed = printer_form.field_of(form.value("connection"))
    if form.carry_out(
        lambda key, at: printer_list.save(here, entry, replaces, actor, at, key),
        lambda loc: renamed.get(loc, loc),
    ):
        flash(gettext("%(name)s: saved. It is used within two seconds.", name=entry["name"]))
        return redirect(url_for("office.printers.test", name=entry["name"]))
    return _page(found, form), form.status


@bp.post("/remove/<path:name>")
def remove(name: str) -> Response:
    """Take a printer off the back office's list."""
    actor = identity.need(Right.MANAGE)
    form = Form.sent()
    done = form.carry_out(lambda key, at: printer_list.remove(settings(), name, actor, at, key))
    flash(gettext("%(name)s: removed.", name=name) if done else form.message, "" if done else "danger")
    return redirect(url_for("office.printers.index"))


@bp.get("/test/<path:name>")
def test(name: str) -> str:
    """The guided test: print the page, then one question after the other with advice where it is needed."""
    identity.need(Right.MANAGE)
    found = printer_list.printer(settings(), name)
    answers = {
        question.name: request.args[question.name]
        for question in printer_words.QUESTIONS
        if request.args.get(question.name) in ANSWERS
    }
    job = None
    try:
        job = print_job(request.args["job"]) if "job" in request.args else None
    except NotFound:
        job = None
    said, good, parts = printer_words.says(name)
    known = {desk.code for desk in desks() if desk.active}
    return render_template(
        "office/devices/printer_test.html",
        found=found,
        said=said,
        good=good,
        parts=parts,
        job=job,
        registers=[(code, code) for code in found.config.registers if code in known],
        questions=printer_words.QUESTIONS,
        answers=answers,
        asked=next((q for q in printer_words.QUESTIONS if q.name not in answers), None) if job else None,
        form=Form(),
        drawer_form=Form(),
    )


@bp.post("/test/<path:name>")
def print_page(name: str) -> Response:
    """Put the test page into the spool, for one of the printer's registers."""
    actor = identity.need(Right.MANAGE)
    config = printer_list.printer(settings(), name).config
    form = Form.sent()
    register = form.choice("register", list(config.registers))
    made: list[str] = []
    if form.carry_out(lambda key, at: made.append(papers.print_test(config, register, actor, at, key))):
        return redirect(url_for("office.printers.test", name=name, job=made[-1] if made else None))
    flash(form.message or gettext(N_("Choose one of the printer's registers.")), "danger")
    return redirect(url_for("office.printers.test", name=name))


@bp.post("/drawer/<path:name>")
def open_drawer(name: str) -> Response:
    """Put a pulse for the printer's drawer into the spool."""
    actor = identity.need(Right.MANAGE)
    config = printer_list.printer(settings(), name).config
    form = Form.sent()
    done = form.carry_out(lambda key, at: papers.test_drawer(config, actor, at, key))
    flash(gettext("The drawer opens now.") if done else form.message, "" if done else "danger")
    return redirect(url_for("office.printers.test", name=name, job=form.value("job") or None))
