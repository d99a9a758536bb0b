"""What can go wrong, as the business sees it. No HTTP in here.

A `PosError` has a stable `code` (the contract's list), an English sentence with parameters that a person can
act on, and, for bad input, the fields it is about. Doors translate the sentence and choose the status.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark `text` for translation; the door translates it for the person who reads it."""
    return text


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: where it stands (`lines.0.quantity`) and what to do about it."""

    loc: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


class PosError(Exception):
    """A refusal that changes nothing. `extra` is shown to programs beside the code."""

    def __init__(
        self,
        code: str,
        message: str,
        params: Mapping[str, object] | None = None,
        *,
        fields: Sequence[FieldError] = (),
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self.code = code
        self.message = message
        self.params = dict(params or {})
        self.fields = tuple(fields)
        self.extra = dict(extra or {})
        super().__init__(f"{code}: {message % self.params if self.params else message}")


class ValidationError(PosError):
    """Input that can't be accepted as it is; names each field."""

    def __init__(self, *fields: FieldError) -> None:
        super().__init__("validation_error", N_("Some fields are not right."), fields=fields)


class NotFound(PosError):
    """The thing asked for does not exist, or not for this caller."""

    def __init__(self, message: str = N_("This was not found."), **params: object) -> None:
        super().__init__("not_found", message, params)


class Forbidden(PosError):
    """The caller's role does not include this, and no approval can give it."""

    def __init__(self, message: str = N_("Your role may not do this."), **params: object) -> None:
        super().__init__("forbidden", message, params)


class ApprovalNeeded(PosError):
    """The caller may do this only with the approval of another person with `role`."""

    def __init__(self, role: str, message: str, **params: object) -> None:
        super().__init__("approval_needed", message, {"role": role, **params}, extra={"role": role})


class StockRaced(Exception):
    """Another till took the chosen lots between reading and writing; the transaction is run again."""


class Unready(Exception):
    """No refusal: all is right, but something from outside must be brought before anything is written.

    The door brings it, in no transaction, and calls the operation once more.
    """
