"""Sentences in Chinese and English for a million posts, made from `seed.txt` alone; the same ones every time.

A seventh of the words are frequent as those of the seed, the others come by Zipf's law from 40,000 made-up words: what
counts for search is how often pairs of characters occur and how many occur hardly ever.
"""

import random
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from search.vectors import vector

WORDS = 40_000
SEED = (Path(__file__).parent / "seed.txt").read_text()
ZIPF_SHIFT = 12
OWN_PART, ENGLISH_PART = 0.15, 0.06


def sentences(count: int) -> Iterator[tuple[str, str]]:
    """(text, its tsvector literal) of each sentence."""
    dice = random.Random(5)
    clauses = [part for part in re.split("[，。：？！；、\n]", SEED) if len(part) > 3]
    chinese = [clause for clause in clauses if not clause.isascii()]
    english = re.findall("[a-z]+", SEED)
    words, weights = _words(dice, chinese)
    for number in range(count):
        kind = dice.random()
        if kind < ENGLISH_PART:
            text = " ".join(dice.choices(english, k=dice.randint(4, 10))) + ". "
        elif kind < OWN_PART:
            text = "，".join(dice.sample(chinese, dice.randint(1, 2))) + "。"
        else:
            text = "".join(dice.choices(words, cum_weights=weights, k=dice.randint(3, 9)))
            text += (f" {number} " if dice.random() < 0.1 else "") + "。"
        yield text, vector("", text)


def _words(dice: random.Random, chinese: list[str]) -> tuple[list[str], list[float]]:
    """Words and their cumulated weights: pairs of the seed first, as it has them, then made-up ones by rank."""
    pairs = [clause[place : place + 2] for clause in chinese for place in range(0, len(clause) - 1, 2)]
    common = list(dict.fromkeys(pair for pair in pairs if pair.isalpha()))
    dice.shuffle(common)
    letters = sorted({letter for clause in chinese for letter in clause if letter.isalpha()})
    rare = [chr(dice.randint(0x4E00, 0x9FA5)) for _letter in range(2500)]
    made = ["".join(dice.choices(letters if dice.random() < 0.5 else rare, k=dice.choice((1, 2, 2, 2, 3)))) for _ in range(WORDS)]
    words = common + made
    return words, list(accumulate(1 / (rank + ZIPF_SHIFT) for rank in range(len(words))))


def queries(dice: random.Random, count: int) -> Iterator[str]:
    """What people might ask of these posts: words, two words, English, a question now and then."""
    clauses = [part for part in re.split("[，。：？！；、\n]", SEED) if len(part) > 5]
    chinese = [clause for clause in clauses if not clause.isascii()]
    english = re.findall("[a-z]{4,}", SEED)
    for number in range(count):
        clause = dice.choice(chinese)
        place = dice.randrange(len(clause) - 4)
        kind = number % 10
        if kind < 5:
            yield clause[place : place + 2]
        elif kind < 7:
            yield clause[place : place + 4]
        elif kind == 7:
            yield f"{clause[:2]} {dice.choice(chinese)[:2]}"
        elif kind == 8:
            yield dice.choice(english)
        else:
            yield "，".join(dice.sample(chinese, 2))
