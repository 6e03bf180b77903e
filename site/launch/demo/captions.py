"""What one would hear in a clip, as captions for who does not: chords where they sound, strokes and notes by name."""

from launch.demo.content import Chords, Melody, Music, Rhythm

LONGEST = 6.0
_STROKES = {"D": "下", "U": "上", "X": "悶音", ".": "空"}


def chord_seconds(music: Chords) -> float:
    """How long each chord of a clip lasts; they follow one another without a gap."""
    return 4.4 if len(music.names) == 1 else 5.8 / len(music.names)


def captions_of(music: Music) -> str:
    """WebVTT in Traditional Chinese."""
    if isinstance(music, Chords):
        each = chord_seconds(music)
        cues = [(number * each, (number + 1) * each, f"♪ {name} 和弦") for number, name in enumerate(music.names)]
    elif isinstance(music, Rhythm):
        strokes = "、".join(_STROKES[stroke] for stroke in music.strokes)
        cues = [(0.0, LONGEST, f"♪ {music.name}，{music.chord} 和弦：{strokes}")]
    else:
        cues = _melody(music)
    return "WEBVTT\n\n" + "\n".join(f"{_moment(start)} --> {_moment(end)}\n{text}\n" for start, end, text in cues)


def _melody(music: Melody) -> list[tuple[float, float, str]]:
    """A note a cue, as long as it sounds."""
    found, start = [], 0.0
    for pitch, beats in music.notes:
        end = start + beats * 60 / music.tempo
        found.append((start, end, f"♪ {music.name}：{pitch}"))
        start = end
    return found


def _moment(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    return f"00:{thousandths // 60000:02d}:{thousandths // 1000 % 60:02d}.{thousandths % 1000:03d}"
