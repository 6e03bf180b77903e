"""What stands beside the words of a post: reactions, files, who is named, what it answers and what answers it.

As JSON within the one query that reads the posts: a page asks no more often for a hundred files than for none.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Left

from accounts.models import User
from community.models import Attachment, Mention, Post, Reaction
from kit.prepared import Given
from kit.text import plain_text

EXCERPT = 120
MOST_ANSWERS = 12


def beside_posts() -> dict[str, Any]:
    """Annotations for a prepared read of posts that takes `reader`: give each row to `unpack`."""
    same = Post.objects.filter(topic=OuterRef("topic"), removed_at=None)
    return {"marks": _marks(), **files_and_names(), "answered": Subquery(_answered(same)), "answers": _answers(same)}


def files_and_names() -> dict[str, Any]:
    """Annotations for what `markup.shown` needs of a post."""
    return {"file_rows": _files(), "named_rows": _named()}


def unpack_words(post: Post) -> None:
    """`files` (dicts) and `people` (handle as written → handle of their page, "" where it is not public)."""
    post.files = list(post.file_rows or [])  # type: ignore[attr-defined]
    post.people = {row["as"]: row["handle"] if row["public"] else "" for row in post.named_rows or []}  # type: ignore[attr-defined]


def unpack(post: Post) -> None:
    """As `unpack_words`; `reactions` (kind → (count, mine)), `thanks`, `thanked`; `answered` (no, author, excerpt; or None)
    and `answers` (numbers).
    """
    unpack_words(post)
    reactions = {row["kind"]: (row["n"], bool(row["mine"])) for row in post.marks or []}  # type: ignore[attr-defined]
    post.reactions_given = reactions  # type: ignore[attr-defined]
    post.thanks, post.thanked = reactions.get(Reaction.Kind.THANKS, (0, False))  # type: ignore[attr-defined]
    if row := post.answered:  # type: ignore[attr-defined]
        author = User(name=row["name"], is_active=row["active"])
        post.answered = {"no": row["no"], "author": author.display_name, "excerpt": plain_text(row["html"])[:EXCERPT]}  # type: ignore[attr-defined]


def _marks() -> ArraySubquery:
    given = Reaction.objects.filter(post=OuterRef("pk")).order_by().values("kind")
    counted = given.annotate(n=Count("pk"), mine=Count("pk", filter=Q(user=Given("reader"))))
    return ArraySubquery(counted.annotate(row=JSONObject(kind=F("kind"), n=F("n"), mine=F("mine"))).values("row"))


def _files() -> ArraySubquery:
    names = ("id", "kind", "name", "size", "width", "height")
    rows = Attachment.objects.filter(post=OuterRef("pk")).order_by("pk")
    return ArraySubquery(rows.annotate(row=JSONObject(**{name: F(name) for name in names})).values("row"))


def _named() -> ArraySubquery:
    rows = Mention.objects.filter(post=OuterRef("pk"), user__is_active=True)
    row = JSONObject(**{"as": F("handle"), "handle": F("user__profile__handle"), "public": F("user__profile__is_public")})
    return ArraySubquery(rows.annotate(row=row).values("row"))


def _answered(same: QuerySet[Post]) -> QuerySet[Any]:
    row = JSONObject(no=F("no"), name=F("author__name"), active=F("author__is_active"), html=Left("html", 5 * EXCERPT))
    return same.filter(no=OuterRef("answers_no")).annotate(row=row).values("row")


def _answers(same: QuerySet[Post]) -> ArraySubquery:
    return ArraySubquery(same.filter(answers_no=OuterRef("no")).order_by("no").values("no")[:MOST_ANSWERS])
