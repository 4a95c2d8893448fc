"""Names as they are searched for and compared: text goes in, words come out that accents, case, marks and gaps do not change.

What comes out is kept with each client. Whoever changes it adds a migration that makes the kept words anew (see v0065).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

MOST_WORDS = 32
LONGEST_WORD = 40

_ONE_LETTER = str.maketrans(
    {
        # letters that Unicode does not take apart into a letter and its mark
        **{"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"},
        # Arabic letters that Persian, Urdu and Kurdish write with another sign, or that are written for one another
        **{"ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا", "ں": "ن"},
    }
)
_APOSTROPHES = "'’‘‛`´ʹʻʼʽʾʿˈˊˋ՚׳′＇"
"""Those that a keyboard or another program puts in; Unicode calls some of them letters, and one an accent."""
_AS_APOSTROPHE = str.maketrans({**dict.fromkeys(_APOSTROPHES, "'"), "ـ": None})
_MARKS = re.compile(r"[\W_]+")
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u115f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff"
    "\ua960-\ua97f\U00020000-\U0003ffff]"
)
"""Letters of scripts that put no space between words, and the first letter of each Korean syllable: a name begins at each."""


def folded(text: str) -> str:
    """Small letters without accents, ordinary digits, one kind of apostrophe: Éloïse, ELOISE and eloise are one."""
    plain = " ".join(text.translate(_AS_APOSTROPHE).casefold().split())
    apart = unicodedata.normalize("NFKD", plain).casefold()  # again: ㎅ comes apart into large letters
    bare = "".join(_digit(mark) for mark in apart if unicodedata.category(mark) not in ("Mn", "Cf", "Cc"))
    return " ".join(bare.translate(_ONE_LETTER).split())


def _digit(mark: str) -> str:
    return str(unicodedata.decimal(mark)) if unicodedata.category(mark) == "Nd" else mark


def words_to_keep(*texts: str | None) -> tuple[str, ...]:
    """What a client is found by: each text from the beginning of each of its words to its end, and on from its start.

    Maria Dela Cruz is kept as mariadelacruz, delacruzmaria and cruzmariadela. So each word is a beginning, and so is any
    of them written together with what follows.
    """
    found = dict.fromkeys(word[:LONGEST_WORD] for text in texts if text for word in _from_each_word(_parts(text)))
    inner = dict.fromkeys(word for text in texts if text for word in _from_each_letter("".join(_parts(text))))
    return tuple({**found, **inner})[:MOST_WORDS]


def words_typed(text: str) -> tuple[str, ...]:
    """The words of a search: what stands between spaces, each without its marks; of marks alone, the marks."""
    tokens = folded(text).split()
    words = _only_filled(_MARKS.sub("", token) for token in tokens) or tokens
    return tuple(word[:LONGEST_WORD] for word in words)[:MOST_WORDS]


def name_key(name: str) -> str:
    """A name as it is compared with others: Anna O'Brien, OBRIEN ANNA and Anna O Brien are one.

    All its letters, begun where they sort first, so that it is the same wherever words part and whichever comes first.
    Other names seldom have the same: Smith Anna and Smit Hanna.
    """
    joined = "".join(_parts(name))
    return min((joined[at:] + joined[:at] for at in range(len(joined))), default="")


def code_key(code_name: str) -> str:
    """A code name as it is compared with others: A-204, a 204 and A204 are one."""
    return "".join(_parts(code_name))


def _parts(text: str) -> list[str]:
    """The words, also where a mark divides them; a word that is all marks stays."""
    return [part for token in folded(text).split() for part in (_only_filled(_MARKS.split(token)) or [token])]


def _only_filled(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part]


def _from_each_word(parts: list[str]) -> Iterator[str]:
    return ("".join(parts[at:] + parts[:at]) for at in range(len(parts)))


def _from_each_letter(joined: str) -> Iterator[str]:
    return (joined[found.start() :][:LONGEST_WORD] for found in _WITHOUT_SPACES.finditer(joined))
