"""The build hook: compiles the translations and puts templates/ and config/ into the wheel."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NOT_PACKED = ("package", "lock")
"""Folders of config/ that only a checkout needs."""


class KaryaBuildHook(BuildHookInterface[Any]):
    """Called by hatchling before it packs; an editable install finds both folders in the checkout itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogue; for a wheel, add every file beside the code to what is packed."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        _compiler(root).compile_catalogue()
        build_data["artifacts"].append("*.mo")
        if version == "editable":
            return
        for folder in ("templates", "config"):
            for path in sorted((root / folder).rglob("*")):
                inside = path.relative_to(root / folder)
                if path.is_file() and inside.parts[0] not in NOT_PACKED and path.suffix != ".pyc":
                    build_data["force_include"][str(path)] = f"pos/_{folder}/{inside.as_posix()}"


def _compiler(root: Path) -> Any:
    """Load pos/translations/compile.py by its path: the package itself need not be importable yet."""
    path = root / "pos" / "translations" / "compile.py"
    spec = importlib.util.spec_from_file_location("karya_compile", path)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
