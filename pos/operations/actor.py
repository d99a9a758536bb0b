"""Who acts: a person or a program, at which register, with whose approval. Always an argument."""

from dataclasses import dataclass, replace

from pos.domain.rights import BORROWS_NOTHING, LENDABLE, LENDER, Right, may
from pos.errors import N_, ApprovalNeeded, Forbidden


@dataclass(frozen=True, slots=True)
class Approver:
    """Another person who proved their PIN for this one request."""

    key: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of an operation. `key` tells callers apart: user:3, token:2, device:5 (a kiosk), system."""

    key: str
    name: str
    role: str
    register: str | None = None
    approver: Approver | None = None

    def may(self, right: Right) -> bool:
        """Say whether the caller has `right` alone."""
        return may(self.role, right)

    def need(self, right: Right) -> None:
        """Refuse a caller whose role lacks `right`; approval can't lend it."""
        if not self.may(right):
            raise Forbidden

    def need_or_approval(self, right: Right) -> str | None:
        """Return None when the caller has `right`.

        Else the name of the approver who lends it for this request.
        """
        if self.may(right):
            return None
        return self._borrow(right)

    def need_other(self, right: Right) -> str:
        """Return the name of another person who approves, even when the caller has `right`."""
        return self._borrow(right)

    def at(self, register: str) -> None:
        """Refuse a caller whose token or browser belongs to another register."""
        if self.register is not None and self.register != register:
            raise Forbidden(
                N_("You act at register %(own)s, not at %(other)s."), own=self.register, other=register
            )

    def as_system(self) -> "Actor":
        """Return the same actor without an approver."""
        return replace(self, approver=None)

    def _borrow(self, right: Right) -> str:
        lender = self.approver
        if right not in LENDABLE or self.role in BORROWS_NOTHING:
            raise Forbidden
        if lender is None or lender.key == self.key or not may(lender.role, right):
            raise ApprovalNeeded(LENDER[right], N_("This needs the approval of another person: %(role)s."))
        return lender.name


SYSTEM = Actor("system", "Karya POS", "manager")
"""The program itself, for what time brings: a code that expires, a kiosk that is closed with the day."""


def is_own(actor: Actor, register: str, seller: str) -> bool:
    """Say whether a sale made by `seller` at `register` belongs to a self-service device."""
    return actor.key == seller if actor.register is None else actor.register == register
