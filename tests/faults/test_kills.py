"""Kills and power cuts on the real verbs: what was acknowledged is there, nothing is there by half, the chain holds."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

from medspa_core.exam.missing_before_treatment import steps_of_visit
from medspa_core.records import Keys, load_draft, load_keys
from medspa_core.records.audit.outside_head import HEAD_FILE, LATEST_FILE
from medspa_core.records.database.checks import verify
from medspa_core.records.database.store_location import place_of
from medspa_core.records.keys import write_keys
from medspa_core.records.opening import open_store
from medspa_core.rulebook import Rulebook
from tests.exam_support import MN, exam_practice
from tests.records_support import Clinic, Clock, begin, child

KILLED_VERBS = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from medspa_core import access
from medspa_core.records import ChoiceFacts, load_draft, load_keys, open_store, record_choice, save_answers, start_draft, undo
now = datetime(2026, 11, 22, tzinfo=UTC)
keys = load_keys(Path(sys.argv[2]))
facts = ChoiceFacts("texture", "microneedling_alone", "leans")
verbs = [
    lambda store, n: start_draft(store, f"K {n}", now, now.date(), ("wait",)),
    lambda store, n: record_choice(store, sys.argv[3], ("wait", "not_yet")[n % 2], now, facts),
    lambda store, n: (save_answers(store, sys.argv[3], {"age": n}, now, "form"), undo(store, sys.argv[3], now)),
    lambda store, n: access.add_person(store, f"p{n}", f"P {n}", [access.Role.MANAGER], [sys.argv[4]], now),
]
for number in range(int(sys.argv[5])):
    ready = os.fork()
    if ready:
        os.waitpid(ready, 0)
        continue
    store = open_store(Path(sys.argv[1]), keys, lambda: now)
    with store.reading() as connection:
        engine = connection.engine
    left = [number // 4 + 1]
    def maybe_die(*_):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), 9)
    event.listen(engine, "after_cursor_execute", maybe_die)
    event.listen(engine, "commit", maybe_die)
    verbs[number % 4](store, number)
    os.kill(os.getpid(), 9)
"""


def test_a_kill_in_any_verb_leaves_all_of_it_or_nothing(file_clinic: Clinic) -> None:
    from medspa_core import access

    with file_clinic.create() as store:
        draft = begin(store)
        place = access.add_location(store, "Main street", store.now())
    killer = child(KILLED_VERBS, file_clinic.file, file_clinic.keys.folder, draft.id, place.id, 96)
    assert killer.communicate(timeout=240)[1] == ""
    with file_clinic.open() as store, store.reading() as connection:

        def count(what: str) -> int:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {what}").scalar_one())  # noqa: S608

        assert count("people") == count("person_roles") == count("person_locations")
        assert count("people") == count("audit WHERE detail LIKE '%person added%'") > 0
        assert count("drafts") == count("audit WHERE action = 'C'") > 1
        assert count("steps") == count("audit WHERE action = 'U'") > 0
        assert count("choices") == count("consultation_facts") == 1
    assert verify(place_of(file_clinic.where), file_clinic.keys) == []


KILLED_SIGNATURES = """
import os, sys
from pathlib import Path
from sqlalchemy import event
from medspa_core import access
from medspa_core.records import load_keys, open_store
from medspa_core.recommendation import recommend
from medspa_core.rulebook import load_rulebook
from tests.conftest import AS_OF, DATA, healthy
from tests.exam_support import Practice
from tests.records_support import NOW
keys, book = load_keys(Path(sys.argv[2])), load_rulebook(DATA)
open_store(Path(sys.argv[1]), keys, lambda: NOW).close()  # what this loads and computes is there for all that follow
recommend(healthy(), book, AS_OF)

def killed(verb, after):
    begun = os.fork()
    if begun:
        ended = os.waitpid(begun, 0)[1]
        assert os.WIFSIGNALED(ended) or ended == 0, (verb, ended)
        return os.WIFSIGNALED(ended)
    store = open_store(Path(sys.argv[1]), keys, lambda: NOW)
    practice = Practice(store, book, {one.sign_in_name: one for one in access.list_people(store)}, sys.argv[3])
    with store.reading() as connection:
        engine = connection.engine
    left = [after]
    def maybe_die(*given):
        left[0] -= len(given) == 1 or given[2].startswith(("INSERT", "UPDATE", "DELETE"))  # before them nothing is there
        if left[0] == 0:
            os.kill(os.getpid(), 9)
    event.listen(engine, "after_cursor_execute", maybe_die)
    event.listen(engine, "commit", maybe_die)
    getattr(practice, verb)()
    os._exit(0)

for verb in ("examine", "order", "treat"):
    after = 1
    while killed(verb, after):
        after += 1
    killed(verb, 0)  # done, but nobody heard of it: the same tap once more
    print(verb, after - 1, flush=True)
"""


def test_an_exam_an_order_and_a_session_killed_after_each_write_are_there_once_or_not_at_all(
    file_clinic: Clinic, rulebook: Rulebook
) -> None:
    with file_clinic.create() as store:
        practice = exam_practice(store, rulebook)
    killer = child(KILLED_SIGNATURES, file_clinic.file, file_clinic.keys.folder, practice.draft)
    said, complaints = killer.communicate(timeout=110)
    assert complaints == "" and len(said.splitlines()) == 3
    assert min(int(line.split()[1]) for line in said.splitlines()) > 3
    steps = len(steps_of_visit(MN, rulebook))
    with file_clinic.open() as store, store.reading() as connection:
        for table, rows in (
            *(("exams", 1), ("orders", 1), ("order_delegates", 1), ("treatments", 1), ("treatment_steps", steps)),
            *((f"audit WHERE json_extract(detail, '$.what') = '{told}'", 1) for told in ("exam", "order", "treatment")),
        ):
            found = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
            assert found == rows, table
    assert verify(place_of(file_clinic.where), file_clinic.keys) == []


# --- power cuts ---------------------------------------------------------------------------------------------------

STEP_BY_STEP = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from medspa_core.records import load_keys, open_store, save_answers
now = datetime(2026, 11, 22, tzinfo=UTC)
store = open_store(Path(sys.argv[1]), load_keys(Path(sys.argv[2])), lambda: now)
for line in sys.stdin:
    number = int(line)
    save_answers(store, sys.argv[3], {"first": number, "second": "x" * number * 700}, now, "form")
    print(number, flush=True)
"""
PAGE = 512
"""What a disk writes at once, at the least."""


def copied(clinic: Clinic, to: Path) -> Path:
    """File and log as they lie on the disk, copied by another program: this one holds no lock on them."""
    to.mkdir()
    subprocess.run(["cp", clinic.file, f"{clinic.file}-wal", to], check=True)
    return to / clinic.file.name


def torn(before: bytes, after: bytes, chance: random.Random) -> bytes:
    """The log after a power cut: all that was synced, and of what came later some pieces, in any order, cut anywhere."""
    assert after[: len(before)] == before, "what was acknowledged is never written again"
    late = bytearray(after[len(before) :])
    for at in range(0, len(late), PAGE):
        if chance.random() < 0.5:
            late[at : at + PAGE] = bytes(len(late[at : at + PAGE]))
    return before + bytes(late[: chance.randrange(len(late) + 1)])


def keys_of_then(keys: Keys, head: dict[str, bytes], folder: Path) -> Keys:
    """The same keys with the head as it was noted before the save that the power cut took."""
    write_keys(keys, folder)
    for name, noted in head.items():
        (folder / name).write_bytes(noted)
    return load_keys(folder)


def head_now(keys: Keys) -> dict[str, bytes]:
    """The notes of the head as they lie beside the keys."""
    assert keys.folder is not None
    return {name: (keys.folder / name).read_bytes() for name in (HEAD_FILE, LATEST_FILE)}


def test_a_power_cut_takes_only_what_was_not_acknowledged(file_clinic: Clinic, tmp_path: Path) -> None:
    with file_clinic.create() as store:
        draft = begin(store)
    chance = random.Random(4)
    writer = child_with_input(file_clinic, draft.id)
    assert writer.stdin is not None and writer.stdout is not None
    before, images, head = b"", 0, head_now(file_clinic.keys)
    for number in range(1, 9):
        writer.stdin.write(f"{number}\n")
        writer.stdin.flush()
        assert int(writer.stdout.readline()) == number
        file = copied(file_clinic, tmp_path / f"after-{number}")
        log = file.with_name(f"{file.name}-wal")
        after = log.read_bytes()
        for image in range(9 if before else 0):
            home = tmp_path / f"cut-{number}-{image}"
            shutil.copytree(file.parent, home)
            (home / log.name).write_bytes(torn(before, after, chance))
            keys = keys_of_then(file_clinic.keys, head, home / "keys")
            assert_save_is_whole(home / file.name, keys, draft.id, number)
            images += 1
        before, head = after, head_now(file_clinic.keys)
    writer.stdin.close()
    assert writer.wait(240) == 0
    assert images == 63


def assert_save_is_whole(file: Path, keys: Keys, draft_id: str, number: int) -> None:
    """The save before is there, and the one that was cut either wholly or not at all."""
    with open_store(file, keys, Clock()) as store:
        found = load_draft(store, draft_id)
        assert found is not None and found.answers["first"] in (number - 1, number)
        assert found.answers["second"] == "x" * found.answers["first"] * 700
    assert verify(place_of(file), load_keys(keys.folder)) == []  # type: ignore[arg-type]


def child_with_input(clinic: Clinic, draft_id: str) -> subprocess.Popen[str]:
    import sys

    from tests.records_support import ROOT

    return subprocess.Popen(
        [sys.executable, "-c", STEP_BY_STEP, str(clinic.file), str(clinic.keys.folder), draft_id],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
