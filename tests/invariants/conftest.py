"""The demo shop of the API's tests, made anew for each run of the state machine."""

from tests.api.conftest import demo_database, demo_file

__all__ = ["demo_database", "demo_file"]
