"""What open pages fetch when they hear that something is new (notices.live): the next posts, a line above the board."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community import access, flows, reads
from community.access import Standing
from community.reads.live import count_since
from community.views.common import in_space
from community.views.desk import lesson_of
from kit.clock import now


@login_required
@require_safe
@in_space
def posts_after(request: HttpRequest, standing: Standing, topic_id: int, no: int) -> HttpResponse:
    """Posts after number `no`, as many as a page holds at most, and where the next ones are. They count as read."""
    found = access.topic_for(standing, topic_id)
    page = reads.topic_page(found, no=no + 1, standing=standing, user=request.user)
    posts = [post for post in page.posts if post.no > no]
    seen = posts[-1].no if posts else no
    may_accept = reads.may_accept(standing, found, request.user)
    context = {"topic": found, "standing": standing, "space": standing.space, "posts": posts, "may_accept": may_accept}
    context["lesson_url"] = lesson_of(request, found.about)
    response = render(request, "community/live_posts.html", {**context, "seen": seen, "more": seen < found.last_no})
    before = found.read_no  # type: ignore[attr-defined]
    if standing.membership and seen > before:
        flows.mark_read(user=request.user, topic=found, no=seen, posts=[post.pk for post in posts])
    return response


@login_required
@require_safe
@in_space
def board_news(request: HttpRequest, standing: Standing) -> HttpResponse:
    """How many posts of others were written since the board was shown (`after`, in milliseconds)."""
    after = request.GET.get("after", "")
    moment = datetime.fromtimestamp(int(after) / 1000, tz=now().tzinfo) if after.isdecimal() and len(after) < 14 else now()
    count = count_since(standing.space, moment, besides=request.user)
    return render(request, "community/live_news.html", {"space": standing.space, "count": count})
