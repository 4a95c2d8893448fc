"""What is kept: the encrypted store and its keys, consultations, choices, the nameless facts, and who did what."""

from medspa_core.records import client_schema  # its tables belong to every store
from medspa_core.records.audit import NOBODY_YET, THE_PROGRAM, Doer
from medspa_core.records.backup import Backup, last_proven_backup, make_backup
from medspa_core.records.drafts import (
    clear_answers,
    finish,
    record_choice,
    record_next_date,
    save_answers,
    start_draft,
    take_back_choice,
    undo,
)
from medspa_core.records.facts import ChoiceFacts, read_facts
from medspa_core.records.keys import Keys, has_keys, keys_from_sheet, load_keys, make_keys, new_keys, recovery_sheet
from medspa_core.records.notes import Note, add_note, read_notes, take_back_note
from medspa_core.records.opening import create_store, keys_folder, open_clinic, open_store
from medspa_core.records.places import store_file
from medspa_core.records.problems import (
    AuditRefused,
    KeyProblem,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreMissing,
    StoreNewer,
    StoreNotWritable,
    StoreProblem,
    StoreUnreachable,
)
from medspa_core.records.reading import (
    INVENTED,
    ON_FILE,
    Draft,
    DraftFinished,
    DraftLine,
    DraftMissing,
    DraftMoved,
    Given,
    answers_given,
    count_drafts,
    list_drafts,
    load_draft,
)
from medspa_core.records.restoring import restore_backup
from medspa_core.records.store import Clock, Store
from medspa_core.records.values import LONGEST_TEXT

__all__ = [
    "INVENTED",
    "LONGEST_TEXT",
    "NOBODY_YET",
    "ON_FILE",
    "THE_PROGRAM",
    "AuditRefused",
    "Backup",
    "ChoiceFacts",
    "Clock",
    "Doer",
    "Draft",
    "DraftFinished",
    "DraftLine",
    "DraftMissing",
    "DraftMoved",
    "Given",
    "KeyProblem",
    "Keys",
    "Note",
    "Store",
    "StoreBusy",
    "StoreDamaged",
    "StoreFull",
    "StoreMissing",
    "StoreNewer",
    "StoreNotWritable",
    "StoreProblem",
    "StoreUnreachable",
    "add_note",
    "answers_given",
    "clear_answers",
    "client_schema",
    "count_drafts",
    "create_store",
    "finish",
    "has_keys",
    "keys_folder",
    "keys_from_sheet",
    "last_proven_backup",
    "list_drafts",
    "load_draft",
    "load_keys",
    "make_backup",
    "make_keys",
    "new_keys",
    "open_clinic",
    "open_store",
    "read_facts",
    "read_notes",
    "record_choice",
    "record_next_date",
    "recovery_sheet",
    "restore_backup",
    "save_answers",
    "start_draft",
    "store_file",
    "take_back_choice",
    "take_back_note",
    "undo",
]
