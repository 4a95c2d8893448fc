"""Passwords that are tried first, written from patterns: a word goes through its usual endings and spellings.

This is not a copy of a leaked list. The words are the ones such lists are known for, with the endings people add, plus
walks over the keyboard and repeated pieces: about 5,000 of eight characters or more.
"""

from __future__ import annotations

import functools

WORDS = """
password passwort passw0rd p@ssword p@ssw0rd pass passcode welcome letmein login admin administrator root master user
guest test tester testing changeme default secret secure security access hello goodbye iloveyou loveyou love lovely
lover sweetheart darling honey angel princess prince queen king sunshine sunflower flower butterfly rainbow sunset
summer winter spring autumn january february march april june july august september october november december monday
tuesday wednesday thursday friday saturday sunday dragon monkey tiger lion eagle falcon panther wolf bear shark
dolphin kitten puppy horse pony unicorn phoenix football baseball basketball soccer hockey tennis golf softball
superman batman spiderman ironman starwars pokemon naruto minecraft fortnite nintendo playstation gamer hunter ranger
killer shadow knight ninja samurai warrior soldier freedom liberty america american canada london paris newyork texas
chicago dallas florida california michael michelle jennifer jessica jordan ashley amanda andrew anthony charlie daniel
david george hannah joshua justin matthew nicole robert samantha taylor thomas william maria anna sophia olivia emma
computer internet google facebook instagram windows microsoft samsung apple iphone android cookie chocolate cheese
coffee banana orange pepper ginger peanut pumpkin cupcake mustang ferrari porsche mercedes corvette harley yamaha
trustno whatever nothing something family friends forever together blessed jesus heaven blink matrix system server
office company business manager doctor nurse clinic beauty medspa spa skincare esthetics botox filler exosome microneedling
""".split()  # noqa: SIM905
ENDINGS = """
1 12 123 1234 12345 123456 ! !! 1! 123! 1234! @123 #1 01 007 11 22 69 77 88 99 00 2020 2021 2022 2023 2024 2025 2026 2027
2020! 2021! 2022! 2023! 2024! 2025! 2026! 2027!
""".split()  # noqa: SIM905
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1q2w3e4r5t6y7u8i9o0p")
PAIRS = ("qwerty", "qwertz", "azerty", "asdf", "asdfgh", "zxcvbn", "abc", "abcd", "1q2w3e", "1qaz", "2wsx", "qazwsx")
SPELLED = str.maketrans("@$!013457", "asioleast")


def is_common(password: str) -> bool:
    """Is it among those tried first? Capitals make no difference, nor does saying it twice."""
    plain = password.casefold()
    half = plain[: len(plain) // 2]
    repeated = len(set(plain)) <= 2 or (half * 2 == plain and (half in _common() or len(half) <= 5))
    return repeated or plain in _common() or plain.translate(SPELLED) in _common() or _is_walk(plain)


@functools.cache
def _common() -> frozenset[str]:
    found = {word + ending for word in (*WORDS, *PAIRS) for ending in ("", *ENDINGS)}
    found |= {first + second for first in PAIRS for second in PAIRS}
    return frozenset(found)


def _is_walk(plain: str) -> bool:
    return any(plain in twice or plain in twice[::-1] for twice in (row + row for row in ROWS))
