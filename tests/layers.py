"""The picture of the layers in docs/ARCHITECTURE.md, made from the imports: `python -m tests.layers` draws it anew."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "ARCHITECTURE.md"
PICTURE = re.compile(r"(?<=```mermaid\n).*?(?=```)", re.DOTALL)
ROOMS = ("views", "medspa_core")
"""Packages that are drawn by their folders; the others are one box each."""
ONE_CLIENT = "medspa_core/ (one client)"
COMMANDS = "python -m medspa_core"
FIRST = tuple((room, "__init__.py") for room in ROOMS)


def box(path: Path) -> str:
    """The box that a file stands in."""
    parts = path.relative_to(ROOT).parts
    if parts[0] not in ROOMS:
        return parts[0]
    if parts[0] == "medspa_core" and (parts[-1] == "__main__.py" or parts[1] == "command_line"):
        return COMMANDS
    if parts[0] == "medspa_core" and parts[1] != "settings.py" and (len(parts) == 2 or parts[1] == "course"):
        return ONE_CLIENT
    return "/".join(parts[:2])


def imported(path: Path) -> Iterator[Path]:
    """The program's own files that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[tuple[str, str]] = []  # what is named; where it is written if that is no module
        if isinstance(node, ast.Import):
            names = [(one.name, one.name) for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [(f"{node.module}.{one.name}", node.module) for one in node.names]
        for name, module in names:
            yield from file_of(name) or file_of(module)


def file_of(module: str) -> list[Path]:
    """The file of a module of ours; none for any other."""
    path = ROOT / module.replace(".", "/")
    return [one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()]


def boxes() -> dict[str, set[str]]:
    """Each box and those that it imports from."""
    files = [ROOT / "app.py"]
    files += [path for folder in ("pages", "gate", *ROOMS) for path in sorted((ROOT / folder).rglob("*.py"))]
    found: dict[str, set[str]] = {}
    for path in files:
        if path.parent.name not in ("versions", "migrations") and (path.parent == ROOT or path.parts[-2:] not in FIRST):
            found.setdefault(box(path), set()).update(box(one) for one in imported(path))
    return {name: {one for one in found[name] if one != name and one in found} for name in sorted(found)}


def reached(name: str, found: dict[str, set[str]]) -> set[str]:
    """All that a box imports from, also through others."""
    seen: set[str] = set()
    ahead = list(found[name])
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead += found[one]
    return seen


def picture() -> str:
    """The boxes as a Mermaid chart; an arrow that others already tell is left out."""
    found = boxes()
    ids = {name: re.sub(r"\W+", "_", name).strip("_") for name in found}
    lines = ["flowchart TD"]
    for room in ("views", "medspa_core"):
        within = [name for name in found if name.startswith(f"{room}/")]
        lines += [f"    subgraph {room}_ [{room}]", *(f'        {ids[name]}["{name}"]' for name in within), "    end"]
    lines += [f'    {ids[name]}["{name}"]' for name in found if not name.startswith(("views/", "medspa_core/"))]
    lines += [f"    {ids['app.py']} -. opens .-> {ids['pages']}"]
    for name, others in found.items():
        told = set().union(*(reached(one, found) for one in others)) if others else set()
        lines += [f"    {ids[name]} --> {ids[one]}" for one in sorted(others - told)]
    return "\n".join(lines) + "\n"


def main() -> None:
    page = PAGE.read_text("utf-8")
    PAGE.write_text(PICTURE.sub(lambda _: picture(), page), "utf-8")


if __name__ == "__main__":
    main()
