"""What `tests.support.program` has at hand before it forks: all that `pos serve` imports and compiles, and
nothing that runs on.
"""
# ruff: noqa: F401

import gc
import threading

import waitress.server

import pos.api.metrics
import pos.cli
import pos.migrations
import pos.payments.simulator
import pos.worker
import printers.reader
import printers.writer
from pos.web import assets
from tests.support.apps import share_what_apps_compile
from tests.support.rehearsal import rehearse

share_what_apps_compile()
rehearse()
for path in assets.files().values():
    if path.suffix in assets.TEXT:
        assets._compressed(path)
# No child walks through what all of them share, nor copies its pages by doing so.
gc.collect()
gc.freeze()
# A thread would not live on in the processes that are forked, but its locks would.
assert threading.active_count() == 1, threading.enumerate()
