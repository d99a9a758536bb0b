"""The OpenAPI document of the running service, made from the same table that makes the calls."""

import re
from functools import cache
from typing import Any

from flask import Response
from pydantic.json_schema import models_json_schema

from pos import __version__
from pos.api.endpoint import DESCRIBED, Described, bp
from pos.schemas.answers import ErrorOut

PREFIX = "/api/v1"
FILES = {
    ".txt": "text/plain",
    ".png": "image/png",
    ".bin": "application/octet-stream",
    ".pdf": "application/pdf",
}
"""What an address that ends so answers."""


@bp.get("/openapi.json")
def openapi() -> Response:
    """The whole API, OpenAPI 3.1."""
    import json

    return Response(json.dumps(document()), content_type="application/json")


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    models = {ErrorOut} | {m for d in DESCRIBED for m in (d.body, d.answer) if m is not None}
    modes = [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)]
    _, definitions = models_json_schema(modes, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    paths: dict[str, Any] = {}
    for described in DESCRIBED:
        path = PREFIX + re.sub(r"<(\w+)>", r"{\1}", described.path)
        paths.setdefault(path, {})[described.method] = _operation(described)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Karya POS",
            "version": __version__,
            "description": "Money is whole rupiah, times are RFC 3339, ids are UUIDs that the client makes.",
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(described: Described) -> dict[str, Any]:
    names = re.findall(r"<(\w+)>", described.path)
    operation: dict[str, Any] = {
        "summary": described.summary,
        "operationId": _operation_id(described),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
        + [
            {"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}}
            for name, meaning in described.query
        ],
        "responses": {str(status): _answer(described) for status in described.statuses}
        | {
            "default": {
                "description": "Refused; nothing was changed",
                "content": {"application/problem+json": {"schema": _ref("ErrorOut")}},
            }
        },
    }
    if described.path == "/sales" and described.method == "post":
        operation["responses"]["202"] = _answer(described)
    if described.body is not None:
        operation["requestBody"] = {
            "required": described.method != "delete",
            "content": {"application/json": {"schema": _ref(described.body.__name__)}},
        }
    return operation


def _operation_id(described: Described) -> str:
    return described.method + re.sub(r"\W+", "_", described.path).rstrip("_")


def _answer(described: Described) -> dict[str, Any]:
    kind = FILES.get(described.path[-4:])
    if kind is not None:
        return {"description": described.summary, "content": {kind: {"schema": {"type": "string"}}}}
    schema = _ref(described.answer.__name__) if described.answer else {"type": "object"}
    return {"description": described.summary, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
