"""Spaces with their conversations: class boards, and a court yard that everyone reads."""

from datetime import timedelta
from functools import partial
from itertools import islice

from community.flows import accept_answer, ensure_space, join, open_topic, react, reply, report_post, set_pinned
from community.models import Membership, Post, Report, Space, Topic
from courses.models import Lesson
from launch.demo.boards import TOPICS
from launch.demo.content import PostContent, TopicContent
from launch.demo.load.accounts import JOINED, LONG_AGO, OPENED, user_of
from launch.demo.load.calendar import Calendar, Step
from shop.catalogue.models import Offer

YARD = "yard"
SPACES = {"ukulele": "ukulele-class-1", "coffee": "coffee-class-1", "calligraphy": "calligraphy-class-1"}
KINDS = {"notice": "announcement", "question": "question", "experience": "experience", "work": "work", "chat": "experience"}
# Who has a place in a board without a seat: graduates who help, the packer who answers for the instruments, the moderator.
GUESTS = {
    "ukulele-class-1": {"jiahui": "helper", "yating": "helper", "laowu": "helper", "afang": "moderator"},
    "coffee-class-1": {"afang": "moderator"},
    "calligraphy-class-1": {"afang": "moderator", "boyan": "helper"},
    "ukulele-class-2": {"afang": "moderator", "meiling": "helper"},
    YARD: {"yuan": "moderator", "boyan": "member", "moyun": "member", "afang": "moderator", "shuyuan": "owner"},
}
CLASS_MADE = {"ukulele-class-1": 40, "ukulele-class-2": 6, "coffee-class-1": 80, "calligraphy-class-1": 80}
PEOPLE_OF_THE_YARD = ("jiahui", "yating", "meiling", "xiaochen", "visitor", "wenjie", "peishan", "ahao", "xinyi", "guoming")
# Told in the yard: by somebody who bought nothing, or to those who have not bought yet.
IN_THE_YARD = {"【心得】為什麼我推薦給三個同事", "曬一下你們的早晨"}
OPENING = TopicContent(
    "ukulele",
    "notice",
    "烏克麗麗第二班開始收件了",
    5,
    (
        PostContent(
            "yuan",
            "第二班不等開學日：**琴送到你家那天，就是你的第一天**。三十天的課一天開一扇門，卡住就在課文下面問我。\n\n"
            "第一天的課不用報名就能看，先彈出一個 C 再決定。",
            likes=9,
        ),
        PostContent("peishan", "已經在學毛筆的人可以同時報嗎？每天要留多少時間？", 3, 2),
        PostContent("yuan", "可以。十分鐘看課，十到十五分鐘練習。如果兩門撞在一起，先顧毛筆，琴不會跑掉。", 5, 6),
    ),
    is_pinned=True,
)


def steps(calendar: Calendar) -> list[Step]:
    made = [Step(calendar.moment(OPENED - 1, "12:00"), _yard)]
    for slug, guests in GUESTS.items():
        opened = calendar.moment(CLASS_MADE.get(slug, OPENED - 1), "13:30")
        made += [Step(opened, partial(_join, slug, handle, role)) for handle, role in guests.items()]
    for handle in PEOPLE_OF_THE_YARD:
        came = min(JOINED.get(handle, LONG_AGO), LONG_AGO)
        made.append(Step(calendar.moment(came, "12:30"), partial(_join, YARD, handle, "member")))
    for number, topic in enumerate((*TOPICS, OPENING)):
        made += _steps_of(calendar, topic, number)
    return [*made, Step(calendar.moment(1, "21:20"), _flag)]


def _yard() -> Space:
    text = "誰都可以看、可以問的地方。還沒報名的人，歡迎先來坐坐。"
    return ensure_space(slug=YARD, name="小院子", visibility="public", description=text)


def _join(slug: str, handle: str, role: str) -> None:
    user, space = user_of(handle), Space.objects.get(slug=slug)
    if not Membership.objects.filter(user=user, space=space, ended_at=None, role=role).exists():
        join(user=user, space=space, role=role)


def _slug_of(topic: TopicContent) -> str:
    return YARD if topic is OPENING or topic.title in IN_THE_YARD else SPACES[topic.course]


def _steps_of(calendar: Calendar, topic: TopicContent, number: int) -> list[Step]:
    begin = calendar.moment(topic.days_ago, "10:20") + timedelta(minutes=number * 67 % 360)
    made = []
    for place, post in enumerate(topic.posts):
        moment = min(begin + timedelta(hours=post.hours_after, minutes=place * 4), calendar.latest)
        made.append(Step(moment, partial(_write, topic, place, post)))
        made.append(Step(min(moment + timedelta(hours=5), calendar.latest), partial(_thank, topic, place, post)))
    return made


def _key(topic: TopicContent, place: int) -> str:
    return f"demo:{topic.course}:{topic.days_ago}:{topic.title[:24]}:{place}"[:64]


def _write(topic: TopicContent, place: int, post: PostContent) -> None:
    author = user_of(post.author)
    if Post.objects.filter(author=author, key=_key(topic, place)).exists():
        return
    if place == 0:
        _open(topic, post)
        return
    thread = _thread(topic)
    answer = reply(author=author, topic=thread, source=post.text, key=_key(topic, place))
    if post.is_answer and thread.kind == Topic.Kind.QUESTION:
        accept_answer(by=thread.author, topic=thread, no=answer.no)


def _open(topic: TopicContent, post: PostContent) -> None:
    author, space = user_of(post.author), Space.objects.get(slug=_slug_of(topic))
    lesson = Lesson.objects.filter(course__slug=topic.course, slug=topic.lesson).first() if topic.lesson else None
    opened = open_topic(
        author=author,
        space=space,
        kind=KINDS[topic.kind],
        title=topic.title.partition("】")[2] or topic.title,
        source=post.text,
        key=_key(topic, 0),
        about=f"lesson:{lesson.pk}" if lesson else "",
        offer=f"offer:{Offer.objects.get(slug='ukulele').pk}" if topic is OPENING else "",
    )
    if topic.is_pinned:
        set_pinned(by=author, topic=opened, on=True)


def _thread(topic: TopicContent) -> Topic:
    first = Post.objects.select_related("topic__space", "topic__author").get(
        author=user_of(topic.posts[0].author), key=_key(topic, 0)
    )
    return first.topic


def _thank(topic: TopicContent, place: int, post: PostContent) -> None:
    """As many thanks as members are there to give them, at most as many as the content says."""
    written = Post.objects.select_related("topic__space").get(author=user_of(post.author), key=_key(topic, place))
    if written.reactions.exists():
        return
    members = Membership.objects.filter(space=written.topic.space, ended_at=None).exclude(user=written.author)
    for member in islice(members.select_related("user").order_by("pk"), post.likes // 2):
        react(user=member.user, post=written)


def _flag() -> None:
    """One report waits for the moderator."""
    post = Post.objects.filter(topic__space__slug=YARD, author=user_of("ahao")).order_by("pk").first()
    if post is not None and not Report.objects.exists():
        report_post(reporter=user_of("guoming"), post=post, reason="這張窗台照好像在調度站拍的，可以公開嗎？")
