"""Fingerings of the soprano ukulele, and the frequencies that they sound.

A fingering is four frets in the order of the strings G, C, E, A (fourth string first); tuning is re-entrant,
G4 C4 E4 A4, in equal temperament with A4 = 440 Hz.
"""

OPEN_STRINGS = (67, 60, 64, 69)
STRING_NAMES = ("G", "C", "E", "A")
NOTE_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

Fingering = tuple[int, int, int, int]

FRETS: dict[str, Fingering] = {
    "C": (0, 0, 0, 3),
    "Am": (2, 0, 0, 0),
    "F": (2, 0, 1, 0),
    "G7": (0, 2, 1, 2),
    "G": (0, 2, 3, 2),
    "C7": (0, 0, 0, 1),
    "Em": (0, 4, 3, 2),
    "A7": (0, 1, 0, 0),
    "Dm": (2, 2, 1, 0),
    "Cmaj7": (0, 0, 0, 2),
    "Fm": (1, 0, 1, 3),
    "D": (2, 2, 2, 0),
    "A": (2, 1, 0, 0),
    "Bb": (3, 2, 1, 1),
    "E7": (1, 2, 0, 2),
    "D7": (2, 2, 2, 3),
}

FINGERS: dict[str, Fingering] = {
    "C": (0, 0, 0, 3),
    "Am": (2, 0, 0, 0),
    "F": (2, 0, 1, 0),
    "G7": (0, 2, 1, 3),
    "G": (0, 1, 3, 2),
    "C7": (0, 0, 0, 1),
    "Em": (0, 3, 2, 1),
    "A7": (0, 1, 0, 0),
    "Dm": (2, 3, 1, 0),
    "Cmaj7": (0, 0, 0, 2),
    "Fm": (1, 0, 2, 4),
    "D": (2, 3, 4, 0),
    "A": (2, 1, 0, 0),
    "Bb": (3, 2, 1, 1),
    "E7": (1, 2, 0, 3),
    "D7": (1, 1, 1, 2),
}
"""Which finger (1 index … 4 little, 0 open) stops each string."""


def frequency(midi: int) -> float:
    """Hertz of a MIDI note number."""
    return 440.0 * 2.0 ** ((midi - 69) / 12)


def chord_notes(name: str) -> tuple[int, int, int, int]:
    """MIDI notes of the four strings, fourth string first. KeyError for an unknown chord."""
    g, c, e, a = (string + fret for string, fret in zip(OPEN_STRINGS, FRETS[name], strict=True))
    return g, c, e, a


def midi_of(pitch: str) -> int:
    """MIDI number of a pitch such as ``C4`` or ``Bb4``. ValueError for a name that is not in NOTE_NAMES."""
    return NOTE_NAMES.index(pitch[:-1]) + 12 * (int(pitch[-1]) + 1)
