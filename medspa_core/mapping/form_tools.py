"""What form tools put into a table of their own accord, and the words that people answer with everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

IDS = frozenset(
    {
        *("id", "#", "record_id", "record id", "response id", "responseid", "respondent id", "submission id"),
        *("entry id", "response number", "token"),
    }
)
"""Titles of the column that tells rows apart."""

NOT_FOR_US = frozenset(
    {
        *("timestamp", "submission date", "submission ip", "last update date", "submit date (utc)", "start date (utc)"),
        *("start time", "completion time", "last modified time", "startdate", "enddate", "recordeddate", "start date"),
        *("end date", "recorded date", "date created", "date modified", "status", "ipaddress", "ip address"),
        *("progress", "duration (in seconds)", "finished", "distributionchannel", "distribution channel"),
        *(
            "userlanguage",
            "user language",
            "locationlatitude",
            "locationlongitude",
            "location latitude",
            "location longitude",
        ),
        *("recipientlastname", "recipientfirstname", "recipientemail", "externalreference", "recipient last name"),
        *("recipient first name", "recipient email", "external data reference", "response type", "stage date (utc)"),
        *("network id", "tags", "ending", "score", "collector id", "custom data 1", "email", "email address", "e-mail"),
        *("username", "name", "first name", "last name", "full name", "phone", "phone number", "mobile number"),
        *("redcap_event_name", "redcap_survey_identifier", "redcap_data_access_group", "redcap_repeat_instrument"),
        *("redcap_repeat_instance", "survey timestamp", "complete?"),
        *("address", "city", "zip code", "postcode", "signature"),
    }
)
"""Titles of columns that no question is answered in."""

BIRTH = re.compile(r"\b(?:dates? of birth|birth ?dates?|birth ?days?|dob|d o b|(?:when|date) .*\bborn)\b")
"""What titles of birth dates say, in plain words."""

OWN_NAMES = re.compile(r"\w+_(?:complete|timestamp)")
"""Names of REDCap's own columns, one set a form."""

IMPORT_ID = re.compile(r'\s*\{\s*"ImportId"\s*:')
"""How each cell of Qualtrics' third row begins."""

CHOSEN = re.compile(r" - selected choice(?= - |$)", re.IGNORECASE)
"""What Qualtrics adds to a question with a further field."""

ANSWER_ROW = frozenset({"response", "open-ended response"})
"""What SurveyMonkey writes under a question that is answered in one column."""

REDCAP_BOX = re.compile(r"(\w+?)___(\w+)")
"""REDCap's name of one box of several: the field and the code of the choice."""

CHOICE_IN_TITLE = re.compile(r"(.+?)\s*\(choice=(.+)\)")
"""REDCap's title of such a box, in an export with labels."""

TICKED = frozenset({"1", "checked", "true", "yes"})
NOT_TICKED = frozenset({"0", "unchecked", "false", "no"})
UNTICKED = frozenset({"unchecked"})  # of these, what nobody writes who was asked yes or no
NEVER_TICKED = NOT_TICKED - {"no"}  # "No" may be a choice's own words
"""What stands in a column of one choice."""

PARTS = (
    CHOICE_IN_TITLE,
    re.compile(r"(.+?)\s*\[(.+)\]"),
    *(re.compile(rf"{before}\s*{mark}\s*(.+)") for mark in (">>", " / ", " - ", ":") for before in ("(.+?)", "(.+)")),
)
"""A title made of a question and one of its rows or choices."""


def split_title(title: str) -> Iterator[tuple[str, str]]:
    """A question and one of its rows or choices, as a title may be taken apart."""
    plain = " ".join(CHOSEN.sub("", title).split())
    yield from ((found[1], found[2]) for form in PARTS if (found := form.fullmatch(plain)))


SEPARATORS = ("\n", ";", "|", ",")
"""What tools put between several choices in one cell, the surest first."""

END_OF_CHOICES, BETWEEN_CHOICES = re.compile(r";\s*$"), re.compile(r";(?! )")
"""Microsoft Forms ends every choice with it, and never puts a blank behind: one stands only inside a choice."""

MEANS_YES = {"yes", "y"}
MEANS_NO = {"no", "n"}
MEANS_NOT_SURE = {"not sure", "unsure", "i'm not sure", "i am not sure", "don't know", "i don't know", "unknown"}
MEANS_NO_ANSWER = {"n/a", "na", "-", "--", "prefer not to say", "prefer not to answer", "no answer", "none given"}

UNITS = {
    "years": ("years old", "years", "year", "yrs", "yr", "yo", "y"),
    "minutes": ("minutes", "minute", "mins", "min", "min."),
    "visits": ("visits", "visit"),
    "days": ("days", "day"),
}
"""What people write beside a number, by the unit of the question."""
