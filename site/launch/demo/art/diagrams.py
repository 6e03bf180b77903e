"""What a ukulele lesson shows: chord diagrams, strumming strips and tablature, 1000 by 700."""

from launch.demo.art import palette as p
from launch.demo.art.instrument import ukulele
from launch.demo.art.nature import palm, waves
from launch.demo.art.pen import Pen, Sheet, mix, rounded
from launch.demo.chords import FINGERS, FRETS, OPEN_STRINGS, STRING_NAMES, midi_of
from launch.demo.content import Chords, Melody, Music, Rhythm

TINTS = ("#f6d9b8", "#d3e6e7", "#f4d6c4", "#dbe7cf", "#e7dcea", "#f7e2ae")
WIDTH, HEIGHT = 1000, 700


def lesson_picture(music: Music, module: int) -> Sheet:
    sheet = Sheet(WIDTH, HEIGHT, TINTS[module])
    pen = Pen(sheet)
    _background(pen, TINTS[module])
    if isinstance(music, Chords):
        _chords(pen, music)
    elif isinstance(music, Rhythm):
        _rhythm(pen, music)
    else:
        _melody(pen, music)
    return sheet


def _background(pen: Pen, tint: str) -> None:
    pen.dot(860, 120, 210, mix(tint, p.WHITE, 0.45))
    waves(pen, WIDTH, 590, HEIGHT, 16, 0.6, mix(tint, p.TEAL, 0.16))
    waves(pen, WIDTH, 640, HEIGHT, 14, 2.4, mix(tint, p.TEAL, 0.3))
    palm(pen.at(20, 716, turn=24), mix(tint, p.LEAF_DARK, 0.55), 0.85, 150)


def _card(pen: Pen, x: float, y: float, w: float, h: float) -> None:
    shape = rounded(x, y, w, h, 28)
    pen.shadow(shape, 0, 10, 14, 0.2)
    pen.shape(shape, p.WHITE)


def _chords(pen: Pen, music: Chords) -> None:
    count = len(music.names)
    if count == 1:
        ukulele(pen.at(268, -150, turn=9, scale=1.56))
        _card(pen, 440, 50, 480, 600)
        _chord(pen.at(680, 345), music.names[0], 1.36)
    elif count == 4:
        for index, name in enumerate(music.names):
            x, y = 40 + 470 * (index % 2), 26 + 330 * (index // 2)
            _card(pen, x, y, 450, 312)
            _chord(pen.at(x + 290, y + 136), name, 0.8, beside=True)
    else:
        width, gap = (400, 40) if count == 2 else (300, 20)
        left = (WIDTH - count * width - (count - 1) * gap) // 2
        for index, name in enumerate(music.names):
            x = left + index * (width + gap)
            _card(pen, x, 105, width, 490)
            _chord(pen.at(x + width / 2, 350), name, 1.05)


def _chord(pen: Pen, name: str, scale: float, *, beside: bool = False) -> None:
    """A diagram about 260 wide and 400 tall around the origin, its name above it or to its left."""
    pen = pen.at(0, 0, scale=scale)
    if beside:
        pen.text(-226, 30, name, 92 if len(name) < 5 else 62, p.INK)
    else:
        pen.text(0, -160, name, 82, p.INK)
    left, top, step, row = -96, -70, 64, 56
    pen.box(left - 4, top - 10, step * 3 + 8, 12, p.INK, 4)
    for fret in range(1, 5):
        pen.line([(left, top + fret * row), (left + step * 3, top + fret * row)], 3.4, p.SAND)
    for string in range(4):
        x = left + string * step
        pen.line([(x, top), (x, top + 4 * row + 8)], (3, 4.6, 3.8, 3)[string], p.SLATE)
        pen.text(x, top + 4 * row + 36, STRING_NAMES[string], 27, p.SLATE)
        fret, finger = FRETS[name][string], FINGERS[name][string]
        if fret:
            pen.dot(x, top + (fret - 0.5) * row, 23, p.PERSIMMON)
            pen.text(x, top + (fret - 0.5) * row - 1, str(finger), 29, p.WHITE)
        else:
            pen.ring(x, top - 29, 10, 4, p.LEAF)
    _barre(pen, name, left, top, step, row)


def _barre(pen: Pen, name: str, left: float, top: float, step: float, row: float) -> None:
    """One finger across neighbouring strings is drawn as a bar."""
    frets, fingers = FRETS[name], FINGERS[name]
    for finger in set(fingers) - {0}:
        strings = [s for s in range(4) if fingers[s] == finger]
        if len(strings) > 1:
            y = top + (frets[strings[0]] - 0.5) * row
            x0, x1 = left + strings[0] * step, left + strings[-1] * step
            pen.box(x0 - 23, y - 23, x1 - x0 + 46, 46, p.PERSIMMON, 22)
            for x in (x0, x1):
                pen.text(x, y - 1, str(finger), 29, p.WHITE)


def _rhythm(pen: Pen, music: Rhythm) -> None:
    _card(pen, 60, 120, 880, 420)
    pen.text(110, 190, music.chord, 64, p.INK, "lm")
    count = len(music.strokes)
    step = 760 / count
    for index, stroke in enumerate(music.strokes):
        x = 120 + step * (index + 0.5)
        on_beat = index % 2 == 0
        pen.text(x, 486, str(index // 2 + 1) if on_beat else "+", 40 if on_beat else 34, p.INK if on_beat else p.SLATE)
        heavy = index == 0 or (music.beats == 4 and index % 4 == 0)
        if stroke == "X":
            for turn in (45, -45):
                pen.at(x, 340, turn=turn).box(-46, -8, 92, 16, p.EMBER, 8)
        elif stroke != ".":
            _arrow(
                pen.at(x, 345, turn=0 if stroke == "D" else 180), 17 if heavy else 12, p.PERSIMMON if stroke == "D" else p.TEAL
            )
        elif on_beat:
            _arrow(pen.at(x, 345), 7, p.SAND)
        else:
            pen.dot(x, 345, 6, p.SAND)


def _arrow(pen: Pen, width: float, colour: str) -> None:
    pen.line([(0, -84), (0, 46)], width, colour)
    pen.shape([(-width * 1.9, 40), (width * 1.9, 40), (0, 90)], colour)


def _melody(pen: Pen, music: Melody) -> None:
    """Tablature: the first string on top, as it is printed everywhere."""
    _card(pen, 50, 130, 900, 410)
    top, gap = 210, 62
    for line, name in enumerate(reversed(STRING_NAMES)):
        y = top + line * gap
        pen.line([(140, y), (910, y)], 3, p.SLATE, 0.55)
        pen.text(100, y, name, 34, p.SLATE)
    notes = music.notes if len(music.notes) < 13 else music.notes[:12]
    step = 760 / len(notes)
    for index, (pitch, _) in enumerate(notes):
        string, fret = place_of(pitch, open_only=music.name.startswith("空弦") or music.name.startswith("C 分散"))
        x, y = 150 + step * (index + 0.5), top + (3 - string) * gap
        pen.dot(x, y, 27, p.PERSIMMON if fret else p.LEAF)
        pen.text(x, y - 1, str(fret), 34, p.WHITE)
        pen.text(x, top + 3 * gap + 82, pitch[:-1], 32, p.INK)


def place_of(pitch: str, *, open_only: bool = False) -> tuple[int, int]:
    """(string, fret) where a melody note is played: the highest of the three lower strings that has it.

    The fourth string is used only for its open note, where a pattern asks for it.
    """
    midi = midi_of(pitch)
    if open_only and midi == OPEN_STRINGS[0]:
        return 0, 0
    string = max(s for s in (1, 2, 3) if OPEN_STRINGS[s] <= midi)
    return string, midi - OPEN_STRINGS[string]
