"""Shapes of the demo's content: plain data, no database and no Django.

Assets are paths below ``assets/``, such as ``pictures/ukulele-cover.webp``.
Money is integer minor units, sizes are millimetres, weights are grams.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Steps:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Callout:
    text: str


@dataclass(frozen=True)
class Image:
    asset: str
    alt: str


@dataclass(frozen=True)
class Audio:
    asset: str
    caption: str


@dataclass(frozen=True)
class Practice:
    minutes: int
    text: str


Block = Paragraph | Steps | Callout | Image | Audio | Practice


@dataclass(frozen=True)
class Chords:
    """Chord names in playing order; at most four, so that a clip stays within six seconds."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Rhythm:
    """One bar of strumming, a sign for each equal slot.

    ``D`` down, ``U`` up, ``X`` a muted chop, ``.`` the hand moves and plays nothing.
    """

    name: str
    strokes: str
    chord: str
    beats: int = 4


@dataclass(frozen=True)
class Melody:
    """Single notes as (pitch, beats); pitches such as ``C4`` or ``Bb4``, A4 = 440 Hz."""

    name: str
    notes: tuple[tuple[str, float], ...]
    tempo: int = 120


Music = Chords | Rhythm | Melody


@dataclass(frozen=True)
class LessonContent:
    slug: str
    title: str
    goal: str
    sections: tuple[Block, ...]
    summary: str
    music: Music | None = None
    is_preview: bool = False


@dataclass(frozen=True)
class ModuleContent:
    slug: str
    title: str
    summary: str
    picture: str
    lessons: tuple[LessonContent, ...]


@dataclass(frozen=True)
class KitContent:
    sku: str
    name: str
    contents: tuple[str, ...]
    count: int
    size_mm: tuple[int, int, int]
    weight_g: int
    value_minor: int
    picture: str
    store_pickup: bool


@dataclass(frozen=True)
class FAQ:
    question: str
    answer: str


@dataclass(frozen=True)
class ReviewContent:
    author: str
    stars: int
    text: str


@dataclass(frozen=True)
class Summary:
    """A course in one line for readers of another language."""

    title: str
    tagline: str


@dataclass(frozen=True)
class CourseContent:
    slug: str
    title: str
    tagline: str
    description: tuple[str, ...]
    price_minor: int
    currency: str
    days: int
    cover: str
    teacher: str
    story: tuple[str, ...]
    kit: KitContent
    modules: tuple[ModuleContent, ...]
    faqs: tuple[FAQ, ...]
    reviews: tuple[ReviewContent, ...]
    outcomes: tuple[str, ...]
    en: Summary
    hans: Summary

    @property
    def lessons(self) -> tuple[LessonContent, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)


@dataclass(frozen=True)
class PersonContent:
    """``handle`` is the key that topics, notes and reviews name; ``email`` only for the fixed accounts."""

    handle: str
    name: str
    bio: str
    avatar: str
    email: str = ""


@dataclass(frozen=True)
class PostContent:
    """One message; ``hours_after`` counts from the topic's start."""

    author: str
    text: str
    hours_after: int = 0
    likes: int = 0
    is_answer: bool = False


@dataclass(frozen=True)
class TopicContent:
    """``kind`` is question, experience, work, chat or notice; a question may name its ``lesson``."""

    course: str
    kind: str
    title: str
    days_ago: int
    posts: tuple[PostContent, ...]
    lesson: str = ""
    is_pinned: bool = False
    picture: str = ""


@dataclass(frozen=True)
class NoteContent:
    """A member's note with a picture and the offers it tags (by course slug)."""

    author: str
    title: str
    text: str
    picture: str
    offers: tuple[str, ...]
    days_ago: int
    likes: int = 0
    comments: tuple[tuple[str, str], ...] = field(default=())
