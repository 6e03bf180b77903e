"""The files of a work handed in, and the remarks on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from courses.models import Review, Submission


@dataclass(frozen=True)
class WorkFile:
    """A file of a submission: `id` of the SubmissionFile, None for the first; `number` from 1, 0 where it is the only one."""

    id: int | None
    number: int
    content_type: str

    @property
    def is_recording(self) -> bool:
        return self.content_type.startswith(("audio/", "video/"))


def files_of(submission: Submission) -> list[WorkFile]:
    """All files of a submission in order, the first one first. One query."""
    if not submission.key:
        return []
    more = list(submission.files.values_list("pk", "content_type"))
    first = WorkFile(None, 1 if more else 0, submission.content_type)
    return [first, *(WorkFile(pk, number, kind) for number, (pk, kind) in enumerate(more, 2))]


def remarks_of(review: Review, files: Sequence[WorkFile]) -> list[dict[str, Any]]:
    """The remarks of a review as `numbered` gives them. One query."""
    return numbered(review.remarks.values("second", "text", "file"), [one.id for one in files if one.id])


def numbered(remarks: Iterable[dict[str, Any]], more: Sequence[int]) -> list[dict[str, Any]]:
    """Remarks ({second, text, file}) with the `number` of their file as people count it, 0 where there is but one."""
    numbers: dict[int | None, int] = {pk: number for number, pk in enumerate(more, 2)}
    return [{**one, "number": numbers.get(one["file"], 1) if more else 0} for one in remarks]
