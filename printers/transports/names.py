"""The addresses of a host, looked up without waiting longer than one wants to."""

import socket
import threading
from typing import TypeAlias

Place: TypeAlias = tuple[
    socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
]


def addresses(host: str, port: int, timeout: float) -> list[Place]:
    """Where the host can be reached over IPv4 and IPv6; OSError when its name is not known in time."""
    host = host.strip("[]")
    try:
        return _look_up(host, port, socket.AI_NUMERICHOST)
    except socket.gaierror:
        pass  # a name, not a number: ask the system, which may take its time
    found: list[Place] = []
    failures: list[OSError] = []

    def ask() -> None:
        try:
            found.extend(_look_up(host, port, 0))
        except OSError as error:
            failures.append(error)

    asking = threading.Thread(target=ask, name="printer-name", daemon=True)
    asking.start()
    asking.join(timeout)
    if failures:
        raise failures[0]
    if not found:
        raise TimeoutError(f"the name {host} was not found in time")
    return found


def _look_up(host: str, port: int, flags: int) -> list[Place]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except (UnicodeError, OverflowError) as error:
        raise OSError(f"{host} port {port} is no address") from error
    return [(family, place) for family, _, _, _, place in found]
