"""The page that shows all pictures of the gallery side by side."""

from html import escape
from pathlib import Path

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 1.5rem; } nav { columns: 14rem; margin-bottom: 2rem; }
section { border-top: 1px solid #8888; padding: 1rem 0; }
.row { display: flex; gap: 1rem; overflow-x: auto; align-items: flex-start; }
figure { margin: 0; } figcaption { font-size: .8rem; opacity: .8; }
img { height: 20rem; border: 1px solid #8888; }
"""


def write_index(folder: Path) -> None:
    """Write index.html for the pictures that are there, whenever they were made."""
    pictures: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.png")):
        name = file.stem.partition("--")[0]
        pictures.setdefault(name, []).append(file.name)
    links = "".join(f'<li><a href="#{escape(name)}">{escape(name)}</a></li>' for name in pictures)
    parts = "".join(section(name, files) for name, files in pictures.items())
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Karya POS: every page and state</title>"
        '<link rel="stylesheet" href="index.css"></head>'
        f"<body><h1>Every page and state</h1><nav><ul>{links}</ul></nav>{parts}</body></html>"
    )
    (folder / "index.css").write_text(STYLE, encoding="utf-8")
    (folder / "index.html").write_text(html, encoding="utf-8")


def section(name: str, files: list[str]) -> str:
    """One state in all its sizes and languages."""
    figures = "".join(
        f'<figure><a href="{escape(file)}"><img src="{escape(file)}" alt="" loading="lazy"></a>'
        f"<figcaption>{escape(file[len(name) + 2 : -4])}</figcaption></figure>"
        for file in files
    )
    return f'<section id="{escape(name)}"><h2>{escape(name)}</h2><div class="row">{figures}</div></section>'
