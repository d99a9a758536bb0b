"""The machine that answers: its settings, as the app was made with them."""

from flask import current_app

from pos.settings import Settings


def settings() -> Settings:
    """Return the machine's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found
