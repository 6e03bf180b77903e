"""What a post said before."""

from community.models import Post, PostVersion

VERSIONS_PAGE = 20


def earlier_versions(post: Post, *, before: int = 0) -> tuple[list[PostVersion], int]:
    """A page of earlier versions, the newest first, below number `before`; and the number for the next page, or 0."""
    rows = PostVersion.objects.filter(post=post).order_by("-no")
    found = list((rows.filter(no__lt=before) if before else rows)[: VERSIONS_PAGE + 1])
    page = found[:VERSIONS_PAGE]
    return page, page[-1].no if len(found) > VERSIONS_PAGE else 0
