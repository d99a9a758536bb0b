"""What `tests.support.program` has at hand before it forks: all that `pos serve` imports and compiles, and
nothing that runs.
"""

import gc
import tempfile
import threading

import waitress.server  # noqa: F401

import pos.cli
import pos.migrations
import pos.payments.simulator
import pos.worker  # noqa: F401
from pos.app import create_app
from pos.settings import load
from tests.support.apps import share_what_apps_compile

share_what_apps_compile()
with tempfile.TemporaryDirectory() as nowhere:
    create_app(load({}, {"data_dir": nowhere}))
# No child walks through what all of them share, nor copies its pages by doing so.
gc.collect()
gc.freeze()
# A thread would not live on in the processes that are forked, but its locks would.
assert threading.active_count() == 1, threading.enumerate()
