"""The commands of a first start: the store, the invented practice in it, and the code for the first owner."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, date, datetime, time
from pathlib import Path

from medspa_core import records
from medspa_core.command_line.figures_commands import folder_lines
from medspa_core.command_line.here import DONE, Here, Told
from medspa_core.command_line.people_commands import first_start_lines
from medspa_core.command_line.records_commands import open_clinic
from medspa_core.practice.demo_history import PastConsultation, demo_history
from medspa_core.practice.facts_folder import write_folder
from medspa_core.practice.invented.book import demo_book
from medspa_core.practice.invented.many import many_facts
from medspa_core.records.audit.log import CREATED
from medspa_core.rulebook import Rulebook
from medspa_core.settings import SETTINGS_FILE, Settings, SettingsProblem, own_home

DEMO = "history"  # what every consultation of the invented past says it is a demo of
FEWEST_FACTS, MOST_FACTS = 1_000, 100_000_000
NOON = time(12, tzinfo=UTC)


def demo(here: Here, given: Namespace) -> Told:
    """The invented practice, in a folder with nothing in it; or facts alone, as many as asked for, in another such folder."""
    if given.facts is not None:
        return DONE, _many_facts(here, *given.facts)
    home = here.settings.home
    if home.exists() and any(home.iterdir()):
        raise SettingsProblem(f"{home}: not empty. The invented practice needs an empty MEDSPA_HOME")
    return DONE, [_filled(here)]


def _many_facts(here: Here, number: str, folder: str) -> list[str]:
    if not number.isdecimal() or not FEWEST_FACTS <= int(number) <= MOST_FACTS:
        raise SettingsProblem(f"--facts: expected {FEWEST_FACTS}-{MOST_FACTS}, found {number!r}")
    target = Path(folder).absolute()
    if target.exists() and any(target.iterdir()):
        raise SettingsProblem(f"{target}: not empty. Invented facts need an empty folder")
    months = many_facts(int(number), here.rulebook(), here.today())
    return folder_lines(write_folder(target, months, int(number), here.clock()), target)


def first_start(here: Here, given: Namespace) -> Told:
    """The store, where there is none; the one-time code while nobody is there to sign in."""
    settings = here.settings
    if not settings.database_url and not records.store_file(settings.home).exists():
        left = _left_in_the_programs_own_folder(settings, own_home(here.program))
        if left is not None:
            raise SettingsProblem(
                f"{SETTINGS_FILE} names {settings.home}, which has no records, and {left} has records: move everything in "
                f"{left} to {settings.home}, or take the line `home` out of {SETTINGS_FILE}. Nothing was started."
            )
        if not given.empty:
            print(_filled(here))
    with open_clinic(here) as store:
        address = settings.public_url or f"http://127.0.0.1:{settings.port}"
        print(first_start_lines(store, address, here.clock()), end="", flush=True)
    return DONE, []


def _left_in_the_programs_own_folder(settings: Settings, own: Path) -> Path | None:
    """The program's own folder, where it has a store and medspa.toml names another: until version 0.3 `make run` kept records
    there all the same. Who names a folder in the environment means that one."""
    elsewhere = settings.home_from_file and settings.home != own
    return own if elsewhere and records.store_file(own).exists() else None


def _filled(here: Here) -> str:
    rulebook = here.rulebook()
    print("Inventing a practice of two years (once, some seconds) ...", flush=True)
    with open_clinic(here) as store:
        number = create_demo(store, rulebook, here.today())
    return f"{number} invented consultations in {here.settings.home}"


def create_demo(store: records.Store, rulebook: Rulebook, today: date) -> int:
    """Two years of invented, finished consultations before `today` go into an empty store, through the same verbs as the
    screens, and then its book and sales; how many consultations there are."""
    past = demo_history(rulebook, today)
    with store.together():
        drafts = [_keep(store, consultation, rulebook) for consultation in past]
    with store.writing() as connection:
        facts = records.facts_of(connection, drafts)
        visits, sales = demo_book(past, [facts[one] for one in drafts], rulebook, today)
        detail = {"what": "invented visits and sales", "visits": len(visits), "sales": len(sales)}
        store.note(connection, store.now(), CREATED, "invented practice", detail)
        records.keep_visits(connection, visits)
        records.keep_sales(connection, sales)
    return len(past)


def _keep(store: records.Store, past: PastConsultation, rulebook: Rulebook) -> str:
    moment = datetime.combine(past.on, NOON)
    draft = records.start_draft(store, past.code_name, moment, past.on, past.option_order, DEMO)
    records.save_answers(store, draft.id, past.answers, moment, records.INVENTED)
    decided = datetime.combine(past.decided_on, NOON)
    records.record_choice(store, draft.id, past.choice, decided, past.facts, rulebook_revision=rulebook.revision)
    records.finish(store, draft.id, decided)
    return draft.id
