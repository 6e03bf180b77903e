"""The wall of notes, and one note with its pictures, points and comments. A fixed number of queries whatever the rows."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from community.models import Badge, Note, NoteComment, NoteLike, NotePick, NotePicture, NoteReport, NoteThing
from community.note_access import shown_notes
from community.reads import cursor
from kit import things
from kit.pictures import THUMB, picture_urls
from kit.text import fold

WALL_PAGE, COMMENTS_PAGE, MOST_PICKS, MOST_REPORTS = 24, 50, 6, 100
TILE = "fill-480x600|format-webp"
PHONE, WIDE = "max-800x1200|format-webp", "max-1600x1600|format-webp"
SPECS = (TILE, PHONE, WIDE)


@dataclass
class Wall:
    """Notes with `face`, `tile` and `likes`; `older` is the cursor of what follows, or ''."""

    notes: list[Any]
    older: str = ""


@dataclass
class Shown:
    """A picture of a note: addresses for phones and wide screens, its size, and the points in it."""

    row: NotePicture
    phone: str
    wide: str
    points: list["Point"] = field(default_factory=list)

    @property
    def width(self) -> int:
        return int(self.row.picture.width)

    @property
    def height(self) -> int:
        return int(self.row.picture.height)

    @property
    def reach(self) -> int:
        """How far around a point a finger may land, in the picture's own pixels: 44 of them on a phone of 390."""
        return self.width * 22 // 358

    @property
    def dot(self) -> int:
        return self.width * 9 // 358


@dataclass
class Point:
    """A tagged thing: its number in the note, its card, where in the picture (in its pixels; None: nowhere)."""

    number: int
    row: NoteThing
    card: things.Card
    x: int | None = None
    y: int | None = None


def wall(*, tag: str = "", author: Any = None, before: str = "", limit: int = WALL_PAGE) -> Wall:
    """Newest first, narrowed to a tag or a person."""
    moment, pk = cursor.read(before)
    rows = shown_notes().filter(Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=pk), published_at__lte=moment)
    if tag:
        rows = rows.filter(tags__folded=fold(tag)[:40])
    if author is not None:
        rows = rows.filter(author=author)
    found = list(_dressed(rows).order_by("-published_at", "-pk")[: limit + 1])
    page = found[:limit]
    add_faces(page)
    return Wall(page, cursor.written(page[-1].published_at, page[-1].pk) if len(found) > limit else "")


def picks() -> list[NotePick]:
    """What editors chose, the newest first, each with its `note` as the wall has it."""
    rows = list(NotePick.objects.filter(ended_at=None, note__in=shown_notes()).select_related("by").order_by("-pk")[:MOST_PICKS])
    notes = {note.pk: note for note in _dressed(Note.objects.filter(pk__in=[row.note_id for row in rows]))} if rows else {}
    add_faces(list(notes.values()))
    for row in rows:
        row.note = notes[row.note_id]
    return rows


def own_notes(user: Any, limit: int = 100) -> list[Note]:
    """All of one's own: drafts first, then the newest; removed ones with their reason."""
    rows = list(Note.objects.filter(author=user).select_related("cover").order_by("-published_at", "-pk")[:limit])
    tiles = picture_urls([row.cover for row in rows], THUMB)
    for row in rows:
        row.tile = tiles.get(row.cover_id or 0, "")  # type: ignore[attr-defined]
    return rows


def _dressed(rows: QuerySet[Note]) -> QuerySet[Note]:
    likes = NoteLike.objects.filter(note=OuterRef("pk")).order_by().values("note").annotate(n=Count("pk")).values("n")
    return rows.select_related("author__profile__portrait", "cover").annotate(likes_count=Coalesce(Subquery(likes), Value(0)))


def add_faces(notes: list[Any]) -> None:
    """Each with `tile`, its author's `face` and `handle` (where the page is public)."""
    tiles = picture_urls([note.cover for note in notes], TILE)
    profiles = {note.pk: getattr(note.author, "profile", None) for note in notes}
    faces = picture_urls([profile.portrait for profile in profiles.values() if profile], THUMB)
    for note in notes:
        profile = profiles[note.pk]
        note.tile = tiles.get(note.cover_id or 0, "")
        note.face = faces.get(profile.portrait_id or 0, "") if profile else ""
        note.handle = profile.handle if profile and profile.is_public else ""


def shown_pictures(note: Note, request: Any) -> tuple[list[Shown], list[Point]]:
    """The note's pictures with the points in them, and all tagged things that this person may see, numbered."""
    rows = list(NotePicture.objects.filter(note=note).select_related("picture"))
    phone, wide = (picture_urls([row.picture for row in rows], spec) for spec in (PHONE, WIDE))
    shown = {row.pk: Shown(row, phone.get(row.picture_id, ""), wide.get(row.picture_id, "")) for row in rows}
    points: list[Point] = []
    tagged = list(NoteThing.objects.filter(note=note))
    things.prime((row.ref for row in tagged), request)
    for row in tagged:
        card = things.card(row.ref, request)
        if card is None:
            continue
        point = Point(len(points) + 1, row, card)
        points.append(point)
        if (place := shown.get(row.picture_id or 0)) is not None and row.x is not None and row.y is not None:
            point.x, point.y = row.x * place.width // 1000, row.y * place.height // 1000
            place.points.append(point)
    return list(shown.values()), points


def comments(note: Note, after: int = 0, limit: int = COMMENTS_PAGE) -> tuple[list[NoteComment], int]:
    """(a page in the order of writing, the id to go on after, or 0)."""
    rows = NoteComment.objects.filter(note=note, removed_at=None, pk__gt=after).select_related("author__profile__portrait")
    found = list(rows.order_by("pk")[: limit + 1])
    page = found[:limit]
    profiles = {row.pk: getattr(row.author, "profile", None) for row in page}
    faces = picture_urls([profile.portrait for profile in profiles.values() if profile], THUMB)
    for row in page:
        profile = profiles[row.pk]
        row.face = faces.get(profile.portrait_id or 0, "") if profile else ""  # type: ignore[attr-defined]
        row.handle = profile.handle if profile and profile.is_public else ""  # type: ignore[attr-defined]
    return page, page[-1].pk if len(found) > limit else 0


def likes_of(note: Note, user: Any) -> tuple[int, bool]:
    """(how many like it, whether this person does). One query."""
    row = NoteLike.objects.filter(note=note).aggregate(n=Count("pk"), mine=Count("pk", filter=Q(user=user.pk)))
    return int(row["n"]), bool(row["mine"])


def badges_of(people: set[int]) -> dict[int, list[str]]:
    """person → kinds of badges, in the order of Badge.Kind. One query."""
    found: dict[int, list[str]] = {}
    for user, kind in Badge.objects.filter(user__in=people).order_by("-kind").values_list("user", "kind"):
        found.setdefault(user, []).append(kind)
    return found


def open_reports() -> list[NoteReport]:
    """Flags that nobody has decided, the longest waiting first."""
    rows = NoteReport.objects.filter(decided_at=None, note__removed_at=None)
    return list(rows.select_related("note__author", "comment__author", "reporter").order_by("at", "pk")[:MOST_REPORTS])


def is_picked(note: Note) -> NotePick | None:
    return NotePick.objects.filter(note=note, ended_at=None).select_related("by").first()
