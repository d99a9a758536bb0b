"""A form that came back: what is wrong is said above it with a link to each field, and the first is focused.

The list stands in the page already (`refusal` in `office/_parts.html`); here each message gets the label of
its field and leads to it. A fault of no field on the page stays a sentence. No script is needed for it.
"""

import re
from html import escape, unescape
from urllib.parse import quote

from flask import Response
from flask_babel import gettext

_FAULT = re.compile(r'<li data-fault="([^"]*)">(.*?)</li>')
_LABEL = re.compile(r'<label for="([^"]*)">(.*?)</label>', re.DOTALL)
_CONTROL = re.compile(r'<(?:input|select|textarea)\b[^>]*?\sid="([^"]*)"')
_ROW = re.compile(r"\.([0-9]+)\.")


def link_faults(answer: Response) -> Response:
    """Link the faults of a page that refuses a form."""
    if answer.status_code < 400 or answer.mimetype != "text/html" or answer.is_streamed:
        return answer
    page = answer.get_data(as_text=True)
    wrong = {unescape(name) for name, _ in _FAULT.findall(page)}
    if wrong:
        answer.set_data(linked(page, wrong))
    return answer


def linked(page: str, wrong: set[str]) -> str:
    """Return the page with its faults linked and its first wrong field focused."""
    labels = {unescape(name): re.sub(r"<[^>]+>", "", text).strip() for name, text in _LABEL.findall(page)}
    controls = {unescape(found[1]): found for found in _CONTROL.finditer(page)}

    def link(found: re.Match[str]) -> str:
        name = unescape(found[1])
        if name not in controls:
            return f"<li>{found[2]}</li>"
        row = _ROW.search(name)
        where = f"{gettext('Row %(number)s', number=int(row[1]) + 1)}, " if row else ""
        return (
            f'<li><a href="#{escape(quote(name))}">{escape(where)}{labels.get(name, escape(name))}</a>: '
            f"{found[2]}</li>"
        )

    first = min(
        (found for name, found in controls.items() if name in wrong), key=re.Match.start, default=None
    )
    if first is not None and " autofocus" not in first[0]:
        page = f"{page[: first.end()]} autofocus{page[first.end() :]}"
    return _FAULT.sub(link, page)
