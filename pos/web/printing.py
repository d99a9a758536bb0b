"""What the pages of a register say of its printer."""

from pos import board
from pos.doors import machine


def printer_state(register: str) -> dict[str, str]:
    """What the register's printer last said, as one word."""
    settings = machine.settings()
    if settings.practice:
        return {"state": "screen"}
    printer = settings.printer_of(register)
    if printer is None:
        return {"state": "none"}
    heard = board.heard(printer.name)
    if heard is None:
        return {"state": "unasked", "name": printer.name}
    status = heard.status
    trouble = {"busy": "", "unreachable": "away"}.get(status.trouble, status.trouble)
    calm = "paper_low" if status.paper == "low" else "ok" if status.answered else "silent"
    return {"state": trouble or calm, "name": printer.name}
