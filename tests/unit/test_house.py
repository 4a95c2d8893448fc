"""The house: what may import what, who may read the clock, where markup is written, and what is pinned."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import layers
from tests.conftest import ROOT

CORE, VIEWS, PAGES, GATE = (
    sorted((ROOT / folder).rglob("*.py")) for folder in ("medspa_core", "views", "pages", "gate")
)
PROGRAM = [ROOT / "app.py", *CORE, *VIEWS, *PAGES, *GATE]
ONE_CLIENT = (
    "same_on_criterion",
    "command_line/client_file",
    "answer_codes",
    "contraindication",
    "older_answers",
    "course",
    "explanation",
    "fit",
    "intake",
    "recommendation",
    "result",
    "safety",
    "standing",
    "timeline",
    "rulebook",
    "wording",
)
"""Modules of the core that know one client (or a table of them) and nothing of what is kept, exchanged or counted."""

ORDER = (
    "rulebook",
    "contraindication",
    "older_answers",
    "answer_codes",
    "intake",
    "safety",
    "course",
    "fit",
    "standing",
    "explanation",
    "result",
    "recommendation",
)
"""The order of a consultation: a module imports only those before it."""

FLOORS = ("records", "access", "clients", "exam", "offer", "access_log_report")
"""The packages of what is kept, the lowest first."""

AT_THE_EDGE = ROOT / "medspa_core" / "__main__.py"
"""The command line: somebody must start the core, and hand it the moment and the environment. It reads the clock in one line,
the environment in two (the settings, and one for numpy that must be set before it is imported)."""

CLOCK = re.compile(
    r"\b(datetime|dt)\.(now|utcnow|today)$|\bdate\.today$|^time\.(time|time_ns|monotonic|localtime|gmtime)$"
    r"|^os\.(environ|getenv)\b"
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(path)))


def imported(path: Path) -> Iterator[str]:
    """Dotted names of the modules a file imports, wherever in the file it does so."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def tops(path: Path) -> set[str]:
    return {module.partition(".")[0] for module in imported(path)}


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


# --- layers ---------------------------------------------------------------------------------------------------------


def test_there_is_a_house_to_look_at() -> None:
    assert len(CORE) > 15 and VIEWS and PAGES and GATE


def test_the_core_knows_no_screen() -> None:
    screens = {"streamlit", "plotly", "views", "pages", "app", "gate"}
    assert {name(path): tops(path) & screens for path in CORE if tops(path) & screens} == {}


def test_the_core_does_not_bring_a_screen_along() -> None:
    """Nor through what it imports."""
    ask = (
        "import sys, medspa_core.recommendation, medspa_core.result\n"
        "print(sorted({'streamlit', 'plotly', 'pandas', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_views_import_no_pages_and_pages_import_no_app() -> None:
    assert {name(path) for path in VIEWS if tops(path) & {"pages", "app", "gate"}} == set()
    assert {name(path) for path in PAGES if tops(path) & {"pages", "app"}} == set()


def test_the_gate_knows_no_screen_and_no_other_part_than_the_core() -> None:
    beyond = {"streamlit", "plotly", "pandas", "views", "pages", "app"}
    assert {name(path): tops(path) & beyond for path in GATE if tops(path) & beyond} == {}


def test_one_clients_modules_know_nothing_of_what_is_kept_exchanged_or_counted() -> None:
    beyond = re.compile(r"medspa_core\.(records|access|exchange|practice|scale|tables|settings)\b")
    for module in ONE_CLIENT:
        files = [ROOT / "medspa_core" / f"{module}.py"]
        if not files[0].exists():
            files = sorted((ROOT / "medspa_core" / module).glob("*.py"))
        assert files
        for path in files:
            assert not [one for one in imported(path) if beyond.match(one)], name(path)


def test_a_consultation_is_read_from_front_to_back() -> None:
    for place, module in enumerate(ORDER):
        path = ROOT / "medspa_core" / f"{module}.py"
        files = [path] if path.exists() else sorted((ROOT / "medspa_core" / module).glob("*.py"))
        later = re.compile(rf"medspa_core\.({'|'.join(ORDER[place + 1 :])})\b") if ORDER[place + 1 :] else None
        for file in files:
            at_the_top = {node.module for node in tree_of(file).body if isinstance(node, ast.ImportFrom)}
            assert later is None or not [one for one in at_the_top if one and later.match(one)], name(file)


def test_what_is_kept_is_built_floor_upon_floor() -> None:
    """Wherever in a file it stands: an import put off until a call hides a circle and makes none good."""
    for place, package in enumerate(FLOORS):
        above = re.compile(rf"medspa_core\.({'|'.join(FLOORS[place + 1 :])})\b") if FLOORS[place + 1 :] else None
        for path in sorted((ROOT / "medspa_core" / package).rglob("*.py")):
            assert above is None or not [one for one in imported(path) if above.match(one)], name(path)


def test_pages_hold_no_numbers_and_no_sql() -> None:
    for path in PAGES:
        assert not tops(path) & {"sqlalchemy", "sqlite3", "numpy", "pyarrow"}, name(path)
        numbers = [
            node.value
            for node in nodes_of(path)
            if isinstance(node, ast.Constant) and type(node.value) in (int, float) and abs(node.value) > 3
        ]
        assert numbers == [], name(path)


def test_screens_reach_consultations_only_through_the_verbs_that_ask_who_asks() -> None:
    unguarded = {"clear_answers", "finish", "list_drafts", "load_draft", "record_choice", "save_answers"}
    unguarded |= {"start_draft", "undo", "record_next_date", "take_back_choice"}
    for path in [*VIEWS, *PAGES]:
        called = {dotted(node) for node in nodes_of(path) if isinstance(node, ast.Attribute)}
        assert not called & {f"records.{verb}" for verb in unguarded}, name(path)
        verbs = [one for one in imported(path) if not (ROOT / one.replace(".", "/")).is_dir()]
        assert not [one for one in verbs if one.rpartition(".")[2] in unguarded], name(path)


# --- folders and names ------------------------------------------------------------------------------------------------

MOST_MODULES = 15
"""In one folder, beside `__init__` and `__main__`: as many as a person reads over at a glance. Migrations are a list, and pages
are Streamlit's own."""

VIEW_FLOORS = (
    *("streamlit_patches", "context", "elements", "session", "redraw", "frame"),
    *("result", "charts", "consultation", "staff"),
)
"""The folders of views, the lowest first: one imports only from itself and from those before it."""

STREAMLITS_PUBLIC = ("streamlit", "streamlit.components.v1", "streamlit.components.v2", "streamlit.testing.v1")
"""The modules that Streamlit documents; every other one, and every name that begins with `_`, may change in any version."""


def folders() -> dict[str, list[Path]]:
    """Each folder of the program, with its modules."""
    found: dict[str, list[Path]] = {}
    for path in (*CORE, *VIEWS, *GATE):
        if path.name not in ("__init__.py", "__main__.py"):
            found.setdefault(name(path.parent), []).append(path)
    return found


def test_no_folder_holds_more_modules_than_a_person_reads_over() -> None:
    counts = {folder: len(paths) for folder, paths in folders().items() if not folder.endswith("migrations/versions")}
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}
    assert len(counts) > 30


def test_every_folder_says_what_it_holds() -> None:
    assert [folder for folder in folders() if not (ROOT / folder / "__init__.py").is_file()] == []
    assert "views" not in folders(), "a module of views stands in the folder of what it is about"


def test_a_folder_of_views_imports_only_from_those_below_it() -> None:
    assert {path.name for path in (ROOT / "views").iterdir() if (path / "__init__.py").is_file()} == set(VIEW_FLOORS)
    for place, floor in enumerate(VIEW_FLOORS):
        above = tuple(f"views.{one}" for one in VIEW_FLOORS[place + 1 :])
        for path in sorted((ROOT / "views" / floor).rglob("*.py")):
            assert not [one for one in imported(path) if above and one.startswith(above)], name(path)


def test_no_two_folders_import_from_each_other() -> None:
    """But a folder and one within it: the inner one is a part of the outer."""
    where = {
        name(path).removesuffix(".py").replace("/", "."): folder
        for folder, paths in folders().items()
        for path in paths
    }
    edges = {
        (folder, where[module])
        for folder, paths in folders().items()
        for path in paths
        for module in imported(path)
        if module in where
    }
    both = {(one, other) for one, other in edges if one < other and (other, one) in edges}
    assert {(one, other) for one, other in both if not other.startswith(f"{one}/")} == set()


def reaches_into_streamlit(path: Path) -> bool:
    """Does a file import what Streamlit does not document, or use a name of it that begins with `_`?"""
    modules: set[str] = set()
    names: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            modules |= {one.name for one in node.names}
            names |= {one.asname or one.name for one in node.names if one.name.startswith("streamlit")}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit"):
            inner = {f"{node.module}.{one.name}" for one in node.names if one.name.startswith("_")}
            modules |= {str(node.module)} | inner
            names |= {one.asname or one.name for one in node.names}
    if [one for one in modules if one.partition(".")[0] == "streamlit" and one not in STREAMLITS_PUBLIC]:
        return True
    chains = {dotted(node) for node in nodes_of(path) if isinstance(node, ast.Attribute)}
    return any(one.partition(".")[0] in names and re.search(r"\._(?!_version__$)", one) for one in chains)


def test_only_patches_reach_into_streamlits_own_parts() -> None:
    found = {name(path) for path in PROGRAM if reaches_into_streamlit(path)}
    assert found
    assert [one for one in sorted(found) if not one.startswith("views/streamlit_patches/")] == []


def test_the_picture_of_the_layers_is_of_today() -> None:
    drawn = layers.PICTURE.search(layers.PAGE.read_text("utf-8"))
    assert drawn is not None and drawn[0] == layers.picture(), "draw it anew: python -m tests.layers"


def test_the_map_of_the_program_names_only_what_is_there() -> None:
    """Each path and each module that docs/ARCHITECTURE.md names."""
    page = layers.PICTURE.sub("", layers.PAGE.read_text("utf-8"))
    named = set(re.findall(r"`((?:app\.py|(?:views|pages|gate|medspa_core|data|tests|docs)/[\w./]*))`", page))
    assert len(named) > 40
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


# --- the clock and the surroundings ---------------------------------------------------------------------------------


def test_the_core_never_reads_the_clock_or_the_environment_but_at_its_edge() -> None:
    read = {
        f"{name(path)}:{node.lineno}: {dotted(node)}"
        for path in CORE
        if path != AT_THE_EDGE
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute) and CLOCK.search(dotted(node))
    }
    assert read == set()
    edge = [dotted(node) for node in nodes_of(AT_THE_EDGE) if isinstance(node, ast.Attribute)]
    assert sorted(one for one in edge if CLOCK.search(one)) == [
        "datetime.now",
        "os.environ",
        "os.environ",
        "os.environ.setdefault",
    ]
    handed_in = {"os.environ", "os.getenv", "time.time"}
    assert [name(path) for path in CORE if path != AT_THE_EDGE and handed_in & set(imported(path))] == []


SEEDED = "medspa_core/practice/chance.py"
"""An interval of a manager's rate is drawn, from one seed: the same each time, as its test says."""


def test_nothing_random_decides() -> None:
    for path in CORE:
        assert not {"random", "numpy.random"} & set(imported(path)), name(path)
        drawn = {dotted(node) for node in nodes_of(path) if re.match(r"(np|numpy)\.random\.", dotted(node))}
        assert drawn == ({"np.random.default_rng"} if name(path) == SEEDED else set())


# --- habits ---------------------------------------------------------------------------------------------------------


def test_no_error_is_swallowed() -> None:
    swallowed = [
        f"{name(path)}:{node.lineno}"
        for path in PROGRAM
        for node in nodes_of(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(one, ast.Pass) or is_dots(one) for one in node.body))
    ]
    assert swallowed == []


def is_dots(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is Ellipsis


def test_markup_is_written_in_one_place() -> None:
    unsafe = {
        name(path)
        for path in PROGRAM
        for node in nodes_of(path)
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html"
    }
    assert unsafe <= {"views/elements/draw.py"}
    html = re.compile(
        r"\bst\.(?:html|iframe)\((?!_style\(sheet\)\))|components\.v1"
    )  # a style sheet holds no client's words
    assert {name(path) for path in PROGRAM if html.search(path.read_text("utf-8"))} <= {"views/elements/draw.py"}


@pytest.mark.parametrize("sheet", sorted(name(path) for path in (ROOT / "views").rglob("*.css")))
def test_no_rule_makes_the_browser_style_the_whole_page_again_at_each_change(sheet: str) -> None:
    """`:has()` of anything at all, or of a piece of a class, is asked of every ancestor of whatever comes or goes, with all
    that stands in them."""
    asked = re.findall(r":has\(((?:[^()]|\([^()]*\))*)\)", (ROOT / sheet).read_text("utf-8"))
    assert [one for one in asked if re.search(r"\*(?!=)|\[class", one)] == []


@pytest.mark.parametrize("sheet", sorted(name(path) for path in (ROOT / "views").rglob("*.css")))
def test_no_rule_asks_of_every_element_what_it_holds(sheet: str) -> None:
    """A browser reads a rule from its end: where that is `:has()` of no kind of element in particular, each one that comes is
    searched through before it is asked where it stands. Five such rules were a fifth of all the styling of a tap."""
    asked = re.sub(r"/\*.*?\*/", "", (ROOT / sheet).read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"(?:^|[\s>+~,}])(?::not\()?:has\([^{]*", asked) == []


def test_no_rule_of_every_page_asks_what_a_whole_page_has() -> None:
    """It would be judged anew with each change in it: a flip on Your options took 40 ms longer."""
    on_screens, _, _ = (ROOT / "views" / "elements" / "theme.css").read_text("utf-8").partition("@media print")
    whole = r'(?:\[data-testid="st(?:App|Main|MainBlockContainer|AppViewContainer)"\]|\bbody|\bhtml|:root)'
    assert len(on_screens) > 10_000
    assert re.findall(rf"{whole}[^\s,{{>]*:has\((?!> )[^{{]*", on_screens) == []


def test_files_go_out_and_come_in_through_the_gate_alone() -> None:
    """Streamlit gives a file or a picture to whoever has its address, so the gate hands out none of its; and one is taken only
    by what opens the gate for its own page."""
    shown = {"image", "audio", "video", "pdf", "logo", "download_button"}
    taken = {"file_uploader", "camera_input", "audio_input", "chat_input"}
    found = {
        f"{name(path)}: {node.attr}"
        for path in PROGRAM
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute) and node.attr in shown | taken and dotted(node).startswith("st.")
    }
    assert found == {"views/session/downloads.py: download_button", "views/session/uploads.py: file_uploader"}


def test_nothing_is_run_or_unpickled() -> None:
    for path in PROGRAM:
        called = {dotted(node.func) for node in nodes_of(path) if isinstance(node, ast.Call)}
        assert not called & {"eval", "exec", "pickle.loads", "pickle.load", "os.system"}, name(path)


def test_every_module_says_in_one_sentence_what_it_is_for() -> None:
    assert [name(path) for path in PROGRAM if not ast.get_docstring(tree_of(path))] == []


# --- commands and packages ------------------------------------------------------------------------------------------


def fenced(text: str) -> list[str]:
    """Commands in a Markdown text's fenced blocks, without remarks."""
    blocks = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def test_the_commands_of_the_readme_are_the_ones_that_are_run() -> None:
    readme = fenced((ROOT / "README.md").read_text("utf-8"))
    script = [line.strip() for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()]
    run = [line for line in script if line and not line.startswith(("#", "set ", "cd "))]
    assert {"make run", "make test"} <= set(readme)
    assert run and set(run) <= set(readme)
    targets = set(re.findall(r"(?m)^([a-z][\w-]*):", (ROOT / "Makefile").read_text("utf-8")))
    assert {line.split()[1] for line in readme if line.startswith("make ")} <= targets


def kept_files() -> list[Path]:
    """Files under version control, as text; all files of the folder where there is no git."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    listed = [ROOT / one for one in done.stdout.split("\0") if one] if done.returncode == 0 else PROGRAM
    return [path for path in listed if path.is_file() and path.suffix not in (".woff2", ".png", ".ico", ".gz")]


def test_no_file_names_a_folder_of_this_machine() -> None:
    folders = [f"{folder}/" for folder in (ROOT, Path.home()) if len(str(folder)) > 2]
    personal = re.compile(r"(?<![\w.])/(?:home|Users)/[a-z]\w*/|[A-Z]:\\Users\\")
    for path in kept_files():
        text = path.read_text("utf-8")
        assert not [folder for folder in folders if folder in text], name(path)
        if path != Path(__file__).resolve():
            assert not personal.search(text), name(path)
