"""The demo's clips sound what their lessons name, measured from the WAV files and not from the code."""

import re
import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from courses.captions import read_cues
from launch.demo import clips
from launch.demo.captions import captions_of
from launch.demo.chords import FINGERS, FRETS, chord_notes
from launch.demo.content import Chords, Melody, Music, Rhythm
from launch.demo.ukulele import UKULELE

ASSETS = Path(clips.__file__).parent / "assets"
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
QUALITIES = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
}
"""Music theory, written here on its own: a wrong fingering in the project must not excuse itself."""

WITH_MUSIC = [(lesson.slug, lesson.music) for lesson in UKULELE.lessons if lesson.music]
WITH_CHORDS = [(slug, music) for slug, music in WITH_MUSIC if isinstance(music, Chords)]
WITH_RHYTHM = [(slug, music) for slug, music in WITH_MUSIC if isinstance(music, Rhythm)]
WITH_MELODY = [(slug, music) for slug, music in WITH_MUSIC if isinstance(music, Melody)]


def pitch_class(name: str) -> int:
    flat = -1 if name[1:2] == "b" else 0
    return (SEMITONES[name[0]] + flat) % 12


def tones(chord: str) -> set[int]:
    parts = re.fullmatch(r"([A-G]b?)(.*)", chord)
    assert parts, chord
    root, quality = parts.groups()
    return {(pitch_class(root) + step) % 12 for step in QUALITIES[quality]}


def wav_of(slug: str) -> Path:
    day = int(slug.removeprefix("day-"))
    return ASSETS / "clips" / f"ukulele-day-{day:02d}.wav"


def samples(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return data / 32768


def peaks(signal: np.ndarray, floor: float) -> list[tuple[float, float]]:
    """(hertz, strength) of spectral peaks between 230 and 1000 Hz above ``floor`` of the strongest."""
    size = 1 << 19
    spectrum = np.abs(np.fft.rfft(signal * np.hanning(signal.size), size))
    hertz = np.fft.rfftfreq(size, 1 / 22_050)
    inside = (hertz > 230) & (hertz < 1000)
    top = spectrum[inside].max()
    found = []
    for index in np.flatnonzero(inside):
        strength = spectrum[index] / top
        if strength > floor and spectrum[index - 1] < spectrum[index] >= spectrum[index + 1]:
            found.append((float(hertz[index]), float(strength)))
    return found


def heard(signal: np.ndarray, floor: float = 0.25) -> dict[int, float]:
    """Pitch class → cents off, for the peaks that stand out."""
    result: dict[int, float] = {}
    for hertz, _ in sorted(peaks(signal, floor), key=lambda peak: peak[1]):
        exact = 69 + 12 * np.log2(hertz / 440)
        result[round(exact) % 12] = float(100 * (exact - round(exact)))
    return result


def mismatch(signal: np.ndarray, chord: str) -> str:
    """Empty when the signal is the chord; else what is missing or foreign."""
    wanted = tones(chord)
    loud = heard(signal)
    missing = {tone for tone in wanted if abs(heard(signal, 0.06).get(tone, 100)) > 20}
    # A string's third partial lies a fifth above its octave and may be foreign to the chord, but it is weak:
    # only peaks above a quarter of the strongest count as foreign.
    foreign = set(loud) - wanted
    return f"missing {missing}, foreign {foreign}" if missing or foreign else ""


@pytest.mark.parametrize(("slug", "music"), WITH_CHORDS)
def test_each_chord_of_a_clip_is_the_one_the_lesson_names(slug: str, music: Chords) -> None:
    signal = samples(wav_of(slug))
    parts = np.array_split(signal, len(music.names))
    for name, part in zip(music.names, parts, strict=True):
        strummed = part[len(part) // 2 :]
        assert mismatch(strummed, name) == "", f"{slug}: {name}"


@pytest.mark.parametrize(("slug", "music"), WITH_RHYTHM)
def test_a_rhythm_is_strummed_on_the_chord_it_names(slug: str, music: Rhythm) -> None:
    signal = samples(wav_of(slug))
    assert mismatch(signal[-int(1.3 * 22_050) :], music.chord) == ""


@pytest.mark.parametrize(("slug", "music"), WITH_MELODY)
def test_a_melody_sounds_its_notes_in_order(slug: str, music: Melody) -> None:
    signal = samples(wav_of(slug))
    now = 0.0
    for pitch, beats in music.notes:
        length = beats * 60 / music.tempo
        begin, end = int((now + 0.04) * 22_050), int((now + length) * 22_050)
        hertz, _ = max(peaks(signal[begin:end], 0.9), key=lambda peak: peak[1])
        exact = 69 + 12 * np.log2(hertz / 440)
        wanted = pitch_class(pitch[:-1])
        off = (100 * (exact - wanted) + 600) % 1200 - 600
        assert abs(off) < 20, f"{slug}: {pitch} at {now:.2f} s sounds {hertz:.1f} Hz"
        now += length


@pytest.mark.parametrize("wrong", ["Am", "F", "G7", "Cmaj7", "C7", "Em"])
def test_the_comparison_tells_a_wrong_chord_from_the_named_one(wrong: str, tmp_path: Path) -> None:
    clips.save(Chords((wrong,)), tmp_path / "wrong.wav")
    signal = samples(tmp_path / "wrong.wav")
    strummed = signal[len(signal) // 2 :]
    assert mismatch(strummed, "C") != ""
    assert mismatch(strummed, wrong) == ""


@pytest.mark.parametrize("chord", sorted(FRETS))
def test_a_fingering_sounds_every_tone_of_its_chord_and_no_other(chord: str) -> None:
    assert {midi % 12 for midi in chord_notes(chord)} == tones(chord)
    assert all((finger == 0) == (fret == 0) for finger, fret in zip(FINGERS[chord], FRETS[chord], strict=True))


@pytest.mark.parametrize(("slug", "music"), WITH_MUSIC)
def test_a_clip_lasts_three_to_six_seconds_between_silences(slug: str, music: Music) -> None:
    signal = samples(wav_of(slug))
    assert 3.0 <= signal.size / 22_050 <= 6.0
    assert max(abs(signal[0]), abs(signal[-1])) < 0.01
    assert 0.85 < np.abs(signal).max() < 0.95


@pytest.mark.parametrize(("slug", "music"), WITH_MUSIC)
def test_captions_say_what_sounds_and_when(slug: str, music: Music) -> None:
    """Every chord, note or stroke, one after another, and no caption later than the clip."""
    cues = [(int(start), int(end), str(text)) for start, end, text in read_cues(captions_of(music))]
    _notes, seconds = clips.score(music)
    assert all(first[1] <= second[0] for first, second in pairwise(cues))
    if isinstance(music, Chords):
        assert [text for _start, _end, text in cues] == [f"♪ {name} 和弦" for name in music.names]
        assert cues[-1][1] <= seconds * 1000 + 1
    elif isinstance(music, Melody):
        assert [text.rsplit("：")[-1] for _start, _end, text in cues] == [pitch for pitch, _beats in music.notes]
        assert cues[-1][0] < seconds * 1000
    else:
        assert cues[0][2].count("、") == len(music.strokes) - 1


def test_the_clips_in_the_repository_are_those_the_code_makes() -> None:
    for slug, music in WITH_MUSIC[:4]:
        stored = samples(wav_of(slug))
        made = clips.render(music) / 32768
        assert stored.size == made.size
        assert np.abs(stored - made).max() < 0.01
