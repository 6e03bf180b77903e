"""Plucked nylon strings, synthesised: one clip for each lesson that names a chord, a rhythm or a melody.

A string is a sum of partials as a real one sounds them: amplitudes by the place of the pluck, each partial
fading in its own time, two slightly different decays for the string's two directions, and the body's
resonances on top. It is exact in pitch, which a delay line at this sampling rate would not be.
"""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from launch.demo.captions import chord_seconds
from launch.demo.chords import chord_notes, frequency, midi_of
from launch.demo.content import Chords, Melody, Music, Rhythm

RATE = 22_050
PLUCK_AT = 0.19
BODY = ((392.0, 60.0, 0.55), (585.0, 90.0, 0.4), (1040.0, 180.0, 0.25))
"""Resonances of a small koa body: centre and width in hertz, gain."""

Signal = NDArray[np.float64]


@dataclass(frozen=True)
class Note:
    """``start`` and ``length`` in seconds; a midi of 0 is a muted chop."""

    midi: int
    start: float
    length: float
    gain: float


def pluck(midi: int, seconds: float, brightness: float = 1.0) -> Signal:
    """One string, left to ring for ``seconds``, its loudest sample near 1."""
    base = frequency(midi)
    time = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros_like(time)
    for n in range(1, int(min(RATE * 0.45 / base, 24)) + 1):
        partial = base * n * np.sqrt(1 + 2e-5 * n * n)
        strength = abs(np.sin(np.pi * n * PLUCK_AT)) / n ** (2.05 - 0.25 * brightness) * _body_gain(partial)
        slow = 1.25 / (1 + 0.22 * (n - 1)) * (330 / base) ** 0.35
        fade = 0.6 * np.exp(-time / slow) + 0.4 * np.exp(-time / (slow * 0.28))
        sound += strength * fade * np.sin(2 * np.pi * partial * time)
    sound *= 1 - np.exp(-time / 0.0012)
    sound += _fingertip(midi, time)
    return sound / np.abs(sound).max()


def chop(seconds: float) -> Signal:
    """Muted strings: a short dry burst without a pitch."""
    time = np.arange(int(seconds * RATE)) / RATE
    noise = np.random.default_rng(7).standard_normal(time.size)
    smooth = np.convolve(noise, np.hanning(7) / np.hanning(7).sum(), mode="same")
    return smooth * np.exp(-time / 0.022) / np.abs(smooth).max()


def score(music: Music) -> tuple[list[Note], float]:
    """The notes of a clip and its length in seconds."""
    if isinstance(music, Chords):
        return _chord_score(music)
    if isinstance(music, Rhythm):
        return _rhythm_score(music)
    return _melody_score(music)


def render(music: Music) -> NDArray[np.int16]:
    """Mono samples at RATE, faded at both ends and normalised to nine tenths of full scale."""
    notes, seconds = score(music)
    mix = np.zeros(int(seconds * RATE))
    for note in notes:
        sound = pluck(note.midi, note.length) if note.midi else chop(note.length)
        sound[-400:] *= np.linspace(1, 0, 400)
        begin = int(note.start * RATE)
        end = min(begin + sound.size, mix.size)
        mix[begin:end] += note.gain * sound[: end - begin]
    mix = _room(mix)
    fade = int(0.35 * RATE)
    mix[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    mix[:60] *= np.linspace(0, 1, 60)
    return np.asarray(np.round(mix / np.abs(mix).max() * 0.9 * 32767), dtype=np.int16)


def save(music: Music, path: Path) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(render(music).astype("<i2").tobytes())


def _chord_score(music: Chords) -> tuple[list[Note], float]:
    """Strings one by one so that each can be heard, then strummed (twice when there is but one chord)."""
    each = chord_seconds(music)
    alone = len(music.names) == 1
    step = 0.36 if alone else each * 0.11
    strums = (1.75, 2.75) if alone else (each * 0.5,)
    notes: list[Note] = []
    for index, name in enumerate(music.names):
        start = index * each
        until = start + each
        for string, midi in enumerate(chord_notes(name)):
            notes.append(Note(midi, start + string * step, strums[0] - string * step, 0.75))
        for number, at in enumerate(strums):
            end = start + strums[number + 1] if number + 1 < len(strums) else until
            notes += _strum(name, start + at, end - start - at, downward=True, gain=0.62)
    return notes, len(music.names) * each


def _rhythm_score(music: Rhythm) -> tuple[list[Note], float]:
    """Two bars of the pattern with the last chord left to ring."""
    strokes = music.strokes * 2
    slot = 4.5 / len(strokes)
    notes: list[Note] = []
    for index, stroke in enumerate(strokes):
        accent = 0.62 if index % len(music.strokes) == 0 else 0.48
        if stroke == "X":
            notes.append(Note(0, index * slot, 0.16, 0.55))
        elif stroke != ".":
            ring = next((n for n, s in enumerate(strokes[index + 1 :], 1) if s != "."), len(strokes) - index)
            notes += _strum(music.chord, index * slot, ring * slot, downward=stroke == "D", gain=accent)
    end = len(strokes) * slot
    notes += _strum(music.chord, end, 1.45, downward=True, gain=0.62)
    return notes, end + 1.4


def _melody_score(music: Melody) -> tuple[list[Note], float]:
    beat = 60 / music.tempo
    notes: list[Note] = []
    now = 0.0
    for pitch, beats in music.notes:
        notes.append(Note(midi_of(pitch), now, beats * beat + 0.06, 0.8))
        now += beats * beat
    last = notes[-1]
    notes[-1] = Note(last.midi, last.start, last.length + 0.6, last.gain)
    return notes, now + 0.5


def _strum(name: str, start: float, length: float, *, downward: bool, gain: float) -> list[Note]:
    midis = chord_notes(name)
    order = midis if downward else midis[:0:-1]
    soft = gain if downward else gain * 0.7
    return [Note(midi, start + n * 0.016, length - n * 0.016, soft) for n, midi in enumerate(order)]


def _body_gain(hertz: float) -> float:
    return 0.6 + sum(gain / (1 + ((hertz - centre) / width) ** 2) for centre, width, gain in BODY)


def _fingertip(midi: int, time: Signal) -> Signal:
    noise = np.random.default_rng(midi).standard_normal(time.size)
    soft = np.convolve(noise, np.hanning(15) / np.hanning(15).sum(), mode="same")
    return 0.1 * soft * np.exp(-time / 0.009)


def _room(dry: Signal) -> Signal:
    """A few early reflections, as in a small wooden room."""
    wet = dry.copy()
    for delay, gain in ((0.019, 0.13), (0.031, 0.1), (0.047, 0.075), (0.071, 0.05)):
        shift = int(delay * RATE)
        wet[shift:] += gain * dry[:-shift]
    return wet
