"""Where lines of Chinese and Latin text break, whatever measures them.

Lines break between Chinese characters and at spaces of Latin words, and never before closing punctuation or after
an opening one (JLREQ/CLREQ, "prohibition rules for line start and line end", https://www.w3.org/TR/clreq/).
"""

import re
from collections.abc import Callable

NOT_AT_START = set("，。、；：？！」』）》〉】〕…—～·,.;:?!)]}%’”")
NOT_AT_END = set("「『（《〈【〔([{‘“$¥")
_UNITS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s")

Measure = Callable[[str], float]


def broken(text: str, width: float, measure: Measure) -> list[str]:
    """Lines of at most `width`, in the unit of `measure` (text → its width)."""
    lines, line = [], ""
    for chunk in _chunks(text, width, measure):
        if line and measure(line + chunk.rstrip()) > width:
            lines.append(line.rstrip())
            line = chunk.lstrip()
        else:
            line += chunk
    return [*lines, line.rstrip()]


def _chunks(text: str, width: float, measure: Measure) -> list[str]:
    """What may not be parted: words, and characters with the marks that belong to them.

    A word wider than a whole line (an address, a code) falls into its letters.
    """
    chunks: list[str] = []
    for unit in _UNITS.findall(text):
        letters = list(unit) if measure(unit) > width else [unit]
        for letter in letters:
            belongs = chunks and (letter[0] in NOT_AT_START or chunks[-1][-1] in NOT_AT_END)
            if belongs and not chunks[-1][-1].isspace():
                chunks[-1] += letter
            else:
                chunks.append(letter)
    return chunks
