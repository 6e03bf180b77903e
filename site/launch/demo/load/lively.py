"""What a conversation is besides words: a mention, a quote, a recording, a picture, an edit, reactions, a lesson's second."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from community import markup
from community.flows import edit_post, keep_draft, keep_file, react, reply
from community.flows.drafts import Words
from community.models import Draft, Membership, Post, Topic
from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from launch.demo.load.pictures import upload

TOPIC = "C 和弦彈起來第二弦悶悶的，是琴的問題嗎？"
SPACE = "ukulele-class-1"
RECORDING, PICTURE = "clips/ukulele-day-03.wav", "pictures/ukulele-day-03.webp"


def steps(calendar: Calendar) -> list[Step]:
    begin = calendar.moment(3, "20:10")
    acts = (_record, _answer, _draw, _improve, _cheer, _begin_to_write)
    return [
        Step(min(begin + timedelta(minutes=25 * number), calendar.latest), partial(_act, act)) for number, act in enumerate(acts)
    ]


def _act(act: Callable[[Topic], None]) -> None:
    """Once: an interrupted load does not say it twice (posts by their keys, the rest by what is there)."""
    topic = Topic.objects.select_related("space").filter(space__slug=SPACE, title=TOPIC).first()
    if topic is not None:
        act(topic)


def _record(topic: Topic) -> None:
    author, place = user_of("xiaochen"), f"topic:{topic.pk}"
    file = keep_file(owner=author, place=place, file=upload(RECORDING), key="demo:recording")
    text = f"照 @xinyi 說的剪了指甲，錄了一段給大家聽，第二弦真的亮了：\n\n[我的 C 和弦](#file-{file.pk})"
    reply(author=author, topic=topic, source=text, key="demo:lively:1", files=[file.pk])


def _answer(topic: Topic) -> None:
    heard = Post.objects.select_related("author").get(author=user_of("xiaochen"), key="demo:lively:1")
    question = topic.posts.select_related("author").get(no=1)
    quote = markup.quoted(question.source, question.author.display_name, f"/community/{SPACE}/{topic.pk}/1/")
    text = f"{quote}差好多！課文裡 0:03 那一下就是這個聲音，再聽一次會更有感覺。"
    reply(author=user_of("xinyi"), topic=topic, source=text, key="demo:lively:2", answers_no=heard.no)


def _draw(topic: Topic) -> None:
    author, place = user_of("jiahui"), f"topic:{topic.pk}"
    file = keep_file(owner=author, place=place, file=upload(PICTURE), key="demo:picture")
    text = f"我當初是看這張圖才懂的，@xiaochen 可以對一下手指的角度。\n\n![指尖立起來](#file-{file.pk})"
    reply(author=author, topic=topic, source=text, key="demo:lively:3", files=[file.pk])


def _improve(topic: Topic) -> None:
    post = Post.objects.select_related("topic__space", "author").get(author=user_of("xinyi"), key="demo:lively:2")
    if post.edited_at is None:
        edit_post(by=post.author, post=post, source=f"{post.source}\n\n（補充：手機喇叭聽不太出來，要戴耳機。）")


def _cheer(topic: Topic) -> None:
    members = list(Membership.objects.filter(space=topic.space, ended_at=None).select_related("user").order_by("pk")[:9])
    for number, kind in ((1, "bravo"), (1, "thanks"), (2, "learned"), (3, "me_too"), (3, "learned")):
        post = topic.posts.select_related("topic__space").get(key=f"demo:lively:{number}")
        for place in members[:: number + 1]:
            if place.user_id != post.author_id:
                react(user=place.user, post=post, kind=kind)


def _begin_to_write(topic: Topic) -> None:
    """The student has a reply in the making, which waits on every device."""
    owner, place = user_of("xiaochen"), f"topic:{topic.pk}"
    if not Draft.objects.filter(owner=owner, place=place).exists():
        keep_draft(owner=owner, place=place, words=Words("@jiahui 角度我對了，差不多是", round=0))
