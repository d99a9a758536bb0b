"""Papers that somebody asks for: reports and labels."""

from pos.schemas.base import Body, Uuid


class ReportPrintIn(Body):
    """The shift's report on paper."""

    id: Uuid
