"""Calls for an officer and the scenes of displays: in memory, and between machines by way of PostgreSQL.

Where SQLite is used one process serves everybody, and its memory is the whole truth. Where several machines
share a PostgreSQL, calls stand on its board alone, and a scene is put there only while a display at another
machine looks at that register, so that no tap at a till costs a write that nobody reads.
"""

import threading
from datetime import timedelta
from time import monotonic

from pydantic import ValidationError

from pos import board, clock
from pos.db import transact
from pos.operations import notes
from pos.queries.notes import note, shared
from pos.web import scenes
from pos.web.scenes import Scene

LOOK_AGAIN = 10.0
"""Seconds after which a display that looks says so again on the board."""

_guard = threading.Lock()
_looked: dict[str, float] = {}
_far: dict[str, float] = {}
"""Registers whose displays at other machines looked, and when we heard of it."""


def call(register: str) -> None:
    """Call an officer to a kiosk; the first call of several counts."""
    if shared():
        transact(lambda: notes.put("call", register, keep=True))
    else:
        board.call(register, clock.now())


def answer_call(register: str) -> None:
    """End a call: somebody goes there."""
    if shared():
        transact(lambda: notes.take_away("call", register))
    else:
        board.answer_call(register)


def looked_at(register: str) -> bool:
    """Say whether a display, here or at another machine, wants to be told through the server."""
    if shared() and note("look", register, timedelta(seconds=scenes.LOOKING)) is not None:
        with _guard:
            _far[register] = monotonic()
        return True
    return scenes.looked_at(register)


def tell(register: str, scene: Scene) -> None:
    """Keep what a till shows, and put it on the board while somebody reads it there."""
    scenes.tell(register, scene)
    with _guard:
        far = monotonic() - _far.get(register, -scenes.LOOKING) < scenes.LOOKING
    if far and shared():
        transact(lambda: notes.put("scene", register, scene.model_dump_json()))


def told(register: str) -> Scene | None:
    """Return what the till of a register shows now, as its display asks; None when it says nothing."""
    scenes.look(register)
    scene = scenes.told(register)
    if scene is not None or not shared():
        return scene
    if _is_due(register):
        transact(lambda: notes.put("look", register))
    words = note("scene", register, timedelta(seconds=scenes.FRESH))
    try:
        return None if words is None else Scene.model_validate_json(words)
    except ValidationError:
        # A machine with another program wrote it.
        return None


def _is_due(register: str) -> bool:
    with _guard:
        due = monotonic() - _looked.get(register, -LOOK_AGAIN) >= LOOK_AGAIN
        if due:
            _looked[register] = monotonic()
        return due
