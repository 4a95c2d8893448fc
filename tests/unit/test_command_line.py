"""The command line refuses what cannot be used: a line per problem, the right status, nothing on stdout, nothing written."""

import argparse
import codecs
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from medspa_core.__main__ import main
from medspa_core.command_line.parser import command_parser
from tests.added_entries import QUESTION, add_entries
from tests.added_option import copy_of_data
from tests.conftest import healthy

PROGRAM = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-22"
RESULT, UNUSABLE = 0, 2


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings of this machine count, and the folder is as it was afterwards: a refused run writes nothing."""
    for name in ("MEDSPA_RULEBOOK", "MEDSPA_DATABASE_URL", "MEDSPA_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    yield
    assert not (tmp_path / "home").exists()


@pytest.fixture
def client(tmp_path: Path) -> Path:
    return tmp_path / "client.json"


def recommended(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, list[str]]:
    """Status, stdout, and the lines on stderr. What is not refused in lines is a bug, and shows here as an exception."""
    try:
        status = main(["recommend", *map(str, arguments)])
    except SystemExit as left:
        status = int(left.code or 0)
    out, err = capsys.readouterr()
    return status, out, err.splitlines()


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[str]:
    """The lines of a refusal."""
    status, out, lines = recommended(capsys, *arguments)
    assert (status, out) == (UNUSABLE, "")
    assert lines and all(line.strip() and len(line) < 400 for line in lines)
    return lines


# ---------------------------------------------------------------- a result


def test_a_client_gives_a_result_on_stdout_and_nothing_else(client, capsys):
    client.write_text('{"concern": "texture", "age": 40}')
    status, out, lines = recommended(capsys, client, "--as-of", AS_OF)
    assert (status, lines) == (RESULT, [])
    assert json.loads(out)["as_of"] == AS_OF


def test_no_answers_at_all_are_a_client_too(client, capsys):
    client.write_text("{}")
    status, out, _ = recommended(capsys, client, "--as-of", AS_OF)
    assert (status, json.loads(out)["next_questions"][0]["question"]) == (RESULT, "concern")


def test_null_is_unanswered(client, capsys):
    client.write_text('{"concern": null, "importance": {"cost": null}}')
    with_nulls = recommended(capsys, client, "--as-of", AS_OF)
    client.write_text("{}")
    assert recommended(capsys, client, "--as-of", AS_OF) == with_nulls


def test_a_byte_order_mark_is_no_problem(client, capsys):
    client.write_bytes(codecs.BOM_UTF8 + b'{"concern": "texture"}')
    assert recommended(capsys, client, "--as-of", AS_OF)[0] == RESULT


def test_today_counts_when_no_day_is_given(client, capsys):
    client.write_text("{}")
    assert recommended(capsys, client)[0] == RESULT


def test_two_programs_give_the_same_bytes(client):
    client.write_text(
        '{"concern": "pigment", "age": 61, "blood_draw_comfort": "uneasy", "objects_to": ["plant", "animal"]}'
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-m", "medspa_core", "recommend", str(client), "--as-of", AS_OF],
            cwd=PROGRAM,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        for seed in ("1", "2")
    )
    assert first.stdout == second.stdout and first.stdout.endswith(b"}\n")
    assert first.stderr == second.stderr == b""


def test_the_order_of_keys_changes_no_byte(client, capsys):
    client.write_text('{"concern": "pigment", "age": 61, "nsaid": "last_2_days"}')
    one = recommended(capsys, client, "--as-of", AS_OF)
    client.write_text('{"nsaid": "last_2_days", "age": 61, "concern": "pigment"}')
    assert recommended(capsys, client, "--as-of", AS_OF) == one


# ---------------------------------------------------------------- one answer that cannot be used

WRONG_ANSWERS = [
    ('{"age": -4}', 'client.json: age: expected 0-120, found -4'),
    ('{"age": 400}', 'client.json: age: expected 0-120, found 400'),
    ('{"age": 41.5}', 'client.json: age: expected a whole number 0-120, found 41.5'),
    ('{"age": true}', 'client.json: age: expected a whole number 0-120, found true'),
    ('{"age": "forty"}', 'client.json: age: expected a whole number 0-120, found "forty"'),
    ('{"age": "41"}', 'client.json: age: expected a whole number 0-120, found "41"'),
    ('{"age": ""}', 'client.json: age: expected a whole number 0-120, found ""'),
    ('{"age": [41]}', "client.json: age: expected a whole number 0-120, found [41]"),
    ('{"age": {}}', "client.json: age: expected a whole number 0-120, found {}"),
    ('{"age": NaN}', "client.json: age: expected a whole number 0-120, found NaN"),
    ('{"age": Infinity}', "client.json: age: expected a whole number 0-120, found Infinity"),
    ('{"age": -Infinity}', "client.json: age: expected a whole number 0-120, found -Infinity"),
    ('{"age": 1e400}', "client.json: age: expected a whole number 0-120, found Infinity"),
    ('{"age": ' + "9" * 200_000 + "}", "found a number of 200000 digits"),
    ('{"budget": 0}', 'client.json: budget: expected 1-1000000 or "any", found 0'),
    ('{"event_date": "2026-11-21"}', "after 2026-11-22 and no later than 2036-11-22"),
    ('{"event_date": "2026-11-22"}', "after 2026-11-22 and no later than 2036-11-22"),
    ('{"event_date": "9999-12-31"}', 'found "9999-12-31"'),
    ('{"event_date": "2027-02-30"}', 'found "2027-02-30"'),
    ('{"event_date": "12/06/2027"}', "expected a date (YYYY-MM-DD)"),
    ('{"event_date": 20270612}', "expected a date (YYYY-MM-DD)"),
    ('{"planned_start": "soon"}', "expected a date (YYYY-MM-DD)"),
    ('{"concern": "wrinkles"}', "expected texture, acne_scars, hair_thinning or pigment"),
    ('{"concern": "Texture"}', 'found "Texture"'),
    ('{"concern": ["texture"]}', 'found ["texture"]'),
    ('{"anticoagulant": "maybe"}', "expected yes, no, not_sure or not_applicable"),
    ('{"anticoagulant": true}', "expected yes, no, not_sure or not_applicable"),
    ('{"skin_type": 7}', "expected 1, 2, 3, 4, 5, 6 or not_sure, found 7"),
    ('{"objects_to": "plant"}', 'expected a list of own_blood, human_donor, animal or plant, found "plant"'),
    ('{"objects_to": ["plant", 3]}', 'found ["plant", 3]'),
    ('{"importance": "lot"}', "client.json: importance: expected an object of"),
    ('{"importance": {"cost": "very"}}', "client.json: importance.cost: expected none, little, lot or must"),
    ('{"importance": {"price": "lot"}}', "client.json: importance.price: expected one of result"),
    ('{"place": "de"}', "client.json: place: expected us, eu, uk, ca, kr, au or other"),
    ('{"exosome_product": "plant"}', "client.json: exosome_product: expected an object of source"),
    ('{"exosome_product": {"has_lot_and_certificate": "yes"}}', "has_lot_and_certificate: expected true or false"),
    ('{"exosome_product": {"colour": "red"}}', "client.json: exosome_product.colour: expected one of source"),
    ('{"spin_during_numbing": "true"}', "client.json: spin_during_numbing: expected true or false"),
    ('{"anticoagulent": "yes"}', "client.json: anticoagulent: not a question of this rulebook; did you mean anticoagulant?"),
    ('{"age\\n\\u0007": 4}', "not a question of this rulebook"),
    ('{"age": 40, "age": 41}', "client.json: age: stands twice. Keep one"),
    ('{"importance": {"cost": "lot", "cost": "must"}}', "client.json: cost: stands twice. Keep one"),
    ('{"concern": "' + "x" * 5000 + '"}', "…"),
    ('{"concern": "\\ud800"}', "expected texture"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), WRONG_ANSWERS, ids=[text[:40] for text, _ in WRONG_ANSWERS])
def test_an_answer_that_cannot_be_used_is_named_in_one_line(client, capsys, text, line):
    client.write_text(text)
    (found,) = refused(capsys, client, "--as-of", AS_OF)
    assert line in found


def test_every_problem_is_told_at_once(client, capsys):
    client.write_text('{"age": 400, "concern": "wrinkles", "agge": 4, "importance": {"cost": 3}}')
    lines = refused(capsys, client, "--as-of", AS_OF)
    assert [line.split(": ")[1] for line in lines] == ["age", "concern", "agge", "importance.cost"]


def test_a_whole_number_may_be_written_with_a_point(client, capsys):
    client.write_text('{"age": 41.0}')
    assert recommended(capsys, client, "--as-of", AS_OF)[0] == RESULT


# ---------------------------------------------------------------- a file that cannot be used

NO_CLIENTS = [
    (b"", "not JSON"),
    (b"   \n", "not JSON"),
    (b"{", "not JSON"),
    (b"{'age': 4}", "not JSON"),
    (b"[]", "expected an object of answers, found a list"),
    (b"null", "expected an object of answers, found null"),
    (b'"age"', "expected an object of answers, found text"),
    (b"41", "expected an object of answers, found a number"),
    (b"9" * 200_000, "expected an object of answers"),
    (b"true", "expected an object of answers, found true or false"),
    (b'{"age": "\xff"}', "not UTF-8 text, at byte 9"),
    ('{"age": 41}'.encode("utf-16"), "not UTF-8 text"),
    (b'{"age": "\x00"}', "not JSON"),
    (b"[" * 400_000, "nested too deeply"),
    (b'{"a":' * 150_000, "nested too deeply"),
    (b'{"age": ' + b"[" * 900 + b"]" * 900 + b"}", "expected a whole number"),
    (b'{"age": "' + b"x" * 10_000_000 + b'"}', "expected at most 1,000,000 bytes, found 10,000,011"),
    (b"\x89PNG\r\n\x1a\n", "not UTF-8 text"),
]


@pytest.mark.parametrize(("content", "line"), NO_CLIENTS, ids=[repr(content[:20]) for content, _ in NO_CLIENTS])
def test_a_file_that_holds_no_client_is_refused_in_one_line(client, capsys, content, line):
    client.write_bytes(content)
    (found,) = refused(capsys, client, "--as-of", AS_OF)
    assert found.startswith("client.json: ") and line in found


def test_a_missing_file_is_named(client, capsys):
    (found,) = refused(capsys, client)
    assert found == f"{client}: there is no such file or folder"


@pytest.mark.parametrize("name", ["folder", "folder.json", "folder.csv", "folder.parquet"])
def test_a_folder_is_no_file(tmp_path, capsys, name):
    (tmp_path / name).mkdir()
    (found,) = refused(
        capsys, tmp_path / name, *(["--out", tmp_path / "out.csv"] if name[-3:] in ("csv", "uet") else [])
    )
    assert "a folder, not a file" in found
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_without_an_end_is_read_no_further_than_the_limit(tmp_path, capsys):
    (tmp_path / "endless.json").symlink_to("/dev/zero")
    (found,) = refused(capsys, tmp_path / "endless.json")
    assert "expected at most 1,000,000 bytes" in found


# ---------------------------------------------------------------- how it is called


@pytest.mark.parametrize(
    "day", ["tomorrow", "2026-02-30", "22.11.2026", "", "0001-01-01", "9999-12-31", "2026-11-22T10:00", "20261122"]
)
def test_a_day_that_is_none_is_refused(client, capsys, day):
    client.write_text("{}")
    (found,) = refused(capsys, client, "--as-of", day)
    assert "--as-of" in found and "expected a date (YYYY-MM-DD) from 1990-01-01 to 2900-12-31" in found


def test_a_table_needs_out_and_a_client_has_none(tmp_path, client, capsys):
    client.write_text("{}")
    (found,) = refused(capsys, client, "--out", tmp_path / "out.csv")
    assert "--out goes with a table" in found
    (tmp_path / "clients.csv").write_text("age\n41\n")
    (found,) = refused(capsys, tmp_path / "clients.csv")
    assert "a table needs --out" in found


@pytest.mark.parametrize("arguments", [[], ["--colour"], ["--as-of"]])
def test_arguments_that_cannot_be_used_are_one_line(capsys, arguments):
    (found,) = refused(capsys, *arguments)
    assert found.startswith("python -m medspa_core recommend: ")


def test_an_unknown_command_is_one_line(capsys):
    with pytest.raises(SystemExit) as left:
        main(["recomend"])
    assert left.value.code == UNUSABLE
    assert len(capsys.readouterr().err.splitlines()) == 1


# ---------------------------------------------------------------- the rulebook and the settings


@pytest.fixture
def rulebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rulebook, to be broken."""
    shutil.copytree(PROGRAM / "data", tmp_path / "data")
    monkeypatch.setenv("MEDSPA_RULEBOOK", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_broken_rulebook_is_named_with_file_and_entry_and_nothing_is_judged(client, rulebook, capsys):
    client.write_text("{}")
    (rulebook / "clinic.toml").write_text((rulebook / "clinic.toml").read_text() + "\n[prices.wait]\namount = 'free'\n")
    (rulebook / "model.toml").write_text("training = 1\n" + (rulebook / "model.toml").read_text())
    lines = refused(capsys, client, "--as-of", AS_OF)
    assert any("clinic.toml" in line for line in lines) and any("model.toml" in line for line in lines)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[half", b"x = 1\nx = 2\n"])
def test_a_rulebook_file_that_cannot_be_read_is_one_problem_each(client, rulebook, capsys, content):
    client.write_text("{}")
    (rulebook / "criteria.toml").write_bytes(content)
    assert any("criteria.toml" in line for line in refused(capsys, client, "--as-of", AS_OF))


def test_a_rulebook_folder_that_is_missing_or_empty_is_told(client, tmp_path, monkeypatch, capsys):
    client.write_text("{}")
    monkeypatch.setenv("MEDSPA_RULEBOOK", str(tmp_path / "nowhere"))
    refused(capsys, client, "--as-of", AS_OF)
    (tmp_path / "nowhere").mkdir()
    refused(capsys, client, "--as-of", AS_OF)
    monkeypatch.setenv("MEDSPA_RULEBOOK", str(client))
    refused(capsys, client, "--as-of", AS_OF)


def test_a_rulebook_of_another_place_is_another_revision(client, rulebook, capsys):
    client.write_text("{}")
    shipped = json.loads(recommended(capsys, client, "--as-of", AS_OF)[1])
    text = (rulebook / "clinic.toml").read_text()
    (rulebook / "clinic.toml").write_text(text.replace('place = "us" ', 'place = "ca" '))
    moved = json.loads(recommended(capsys, client, "--as-of", AS_OF)[1])
    assert moved["rulebook_revision"] != shipped["rulebook_revision"]
    assert moved["options"]["exosome_microneedling"]["excluded_by"] == "place"


def test_a_port_that_is_none_is_one_line(client, monkeypatch, capsys):
    client.write_text("{}")
    monkeypatch.setenv("MEDSPA_PORT", "many")
    (found,) = refused(capsys, client)
    assert "MEDSPA_PORT: expected 1-65535" in found


# ---------------------------------------------------------------- a rulebook of the clinic's own


def test_what_a_clinic_adds_as_files_only_counts_on_the_command_line_too(client, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("MEDSPA_RULEBOOK", str(add_entries(copy_of_data(tmp_path / "rulebook"))))
    client.write_text(json.dumps(healthy(sleep="poor", raised_moles="yes", importance={"quiet_visits": "lot"})))
    status, out, lines = recommended(capsys, client, "--as-of", AS_OF)
    assert (status, lines) == (RESULT, [])
    found = json.loads(out)
    assert found["options"]["light"]["verdict"] == "needs_review"
    assert "raised_moles" in [one["contraindication"] for one in found["options"]["light"]["findings"]]
    assert found["options"]["light"]["attainment"]["considered"]["quiet_visits"] == 0.3


def test_a_rulebook_that_does_not_say_all_that_screens_say_is_refused_in_lines(client, capsys, tmp_path, monkeypatch):
    folder = add_entries(copy_of_data(tmp_path / "rulebook"), question=QUESTION.partition("[sleep.said.flip]")[0])
    monkeypatch.setenv("MEDSPA_RULEBOOK", str(folder))
    client.write_text("{}")
    assert refused(capsys, client, "--as-of", AS_OF) == [
        f"questions.toml, sleep.said.flip.{answer}: these words are missing. Add them"
        for answer in ("good", "poor", "not_sure")
    ]


def test_every_command_has_the_function_that_the_parser_names():
    (commands,) = (one for one in command_parser()._actions if isinstance(one, argparse._SubParsersAction))
    for command in commands.choices.values():
        assert callable(getattr(import_module(command.get_default("module")), command.get_default("verb")))
