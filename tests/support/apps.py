"""What each app of the tests would make anew, made once: builders of routes and compiled templates.

Every test has an app of its own. Nine tenths of making one is Werkzeug compiling a function for each route,
and a page's first rendering is mostly Jinja compiling it; both depend on the source alone.
"""

import tempfile
from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

_compile: Callable[..., Any] = Rule._compile_builder  # type: ignore[attr-defined]
_builders: dict[object, Any] = {}
_folder = tempfile.TemporaryDirectory(prefix="karya-templates-")


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    """Return the function that builds the rule's addresses.

    Its converters keep nothing of the app, so the first app's do for all.
    """
    key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


def share_what_apps_compile() -> None:
    """Have all apps of this process share what they compile."""
    Rule._compile_builder = _builder  # type: ignore[attr-defined]


def share_templates(app: Flask) -> None:
    """Have an app find the templates that another one has compiled."""
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(_folder.name)
