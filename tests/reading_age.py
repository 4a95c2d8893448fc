"""How old a reader must be for a text: plain words in, years of age out. Reads no file and decides nothing else.

The formula is the Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers and Chissom 1975, US Navy research branch
report 8-75): 0.39 x words per sentence + 11.8 x syllables per word - 15.59. A US grade plus five is an age in years.
"""

import re
from collections.abc import Mapping

FRAGMENT_WORDS = 6
"""A text of fewer words than this is a label, not prose: the formula says nothing useful about it."""

FRAGMENT_SYLLABLES = 3
"""The most syllables a word of such a label may have, unless it is listed as easy."""

EASY_SYLLABLES = 2
"""What a listed word counts for in the formula: its meaning stands on the screen, its length remains."""

GRADE_TO_AGE_YEARS = 5

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][A-Za-z]+)*|\d+(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"[.!?]+(?=[\s\"'”’)]|$)")
_VOWELS = re.compile(r"[aeiouyà-öø-ÿ]+")
_ONE_SOUND = re.compile(r"(?:[tsg]|(?<!s)c)i(?=on|ous|al|an|en)")
_TWO_SOUNDS = re.compile(
    r"i[aou]|(?<=sc)ie|ie(?=t$)|uou|eo(?!p)|yi|[eou]i(?=ng)|ua(?=l)|(?<=cr)ea(?=t)|(?<=id|ar|or|ac)ea"
)
_SILENT_E = re.compile(
    r"(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxcgh])es$|(?<=[^aeiouy])e$"
    r"|(?<=[a-z][^aeiou])e(?=(?:ly|less|ful|ment|lets?|thing|times|maker|fore)$)"
)
_SOUNDED_LE = re.compile(r"[^aeiouylr]les?$")
_EXCEPTIONS = {
    "autoimmune": 4,
    "being": 2,
    "diabetes": 4,
    "isotretinoin": 6,
    "million": 2,
    "people": 2,
    "sarcoidosis": 5,
}


def count_syllables(word: str) -> int:
    """Syllables of one English word, from its spelling; never less than one. A number is one, PRP is spelled out."""
    if word.isdigit() or not word[0].isalpha():
        return 1
    if word.isupper() and 1 < len(word) <= 4:
        return len(word)
    plain = re.sub(r"['’].*$", "", word.lower())
    if plain in _EXCEPTIONS:
        return _EXCEPTIONS[plain]
    spoken = _ONE_SOUND.sub("s", plain)
    spoken = spoken if _SOUNDED_LE.search(spoken) else _SILENT_E.sub("", spoken)
    return max(1, len(_VOWELS.findall(spoken)) + len(_TWO_SOUNDS.findall(spoken)))


def reading_age(text: str, easy_words: frozenset[str]) -> float:
    """Age in years at which a child at school reads the text with ease: Flesch-Kincaid grade plus five.

    Easy words (lower case) count as two syllables at most. A text without words needs no age: 0.
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    syllables = sum(_weight(word, easy_words) for word in words)
    grade = 0.39 * len(words) / _count_sentences(text) + 11.8 * syllables / len(words) - 15.59
    return grade + GRADE_TO_AGE_YEARS


def hard_texts(texts: Mapping[str, str], easy_words: frozenset[str], limit_age: float) -> list[str]:
    """One line for each text that is too hard, in the order given: its name, what was found, what is accepted.

    Labels of fewer than six words are judged by their longest word, everything else by its reading age in years.
    """
    lines = []
    for name, text in texts.items():
        problem = _problem(text, easy_words, limit_age)
        if problem:
            lines.append(f'{name}: {problem}. Found: "{text}"')
    return lines


def _problem(text: str, easy_words: frozenset[str], limit_age: float) -> str:
    long_words = [word for word in _WORD.findall(text) if _weight(word, easy_words) > FRAGMENT_SYLLABLES]
    if len(_WORD.findall(text)) < FRAGMENT_WORDS:
        return f"words of more than {FRAGMENT_SYLLABLES} syllables: {', '.join(long_words)}" if long_words else ""
    age = reading_age(text, easy_words)
    return f"reading age {age:.1f} years, accepted up to {limit_age:g}" if age > limit_age else ""


def _weight(word: str, easy_words: frozenset[str]) -> int:
    syllables = count_syllables(word)
    return min(syllables, EASY_SYLLABLES) if word.lower() in easy_words else syllables


def _count_sentences(text: str) -> int:
    pieces = _SENTENCE_END.split(text)
    return max(1, sum(1 for piece in pieces if _WORD.search(piece)))
