"""Notes on the wall: pictures with words by those who learn here, what is tagged in them, who liked them."""

from functools import partial
from pathlib import Path

from community.flows import follow
from community.flows.note_replies import comment_on_note, like_note, pick_note
from community.flows.notes import add_picture, publish_note, tag_thing, write_note
from community.models import Note, NotePick
from courses.models import Course
from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from launch.demo.load.pictures import upload
from shop.catalogue.models import Offer

NOTES = {
    "strings": (
        "jiahui",
        9,
        "換弦的那個下午",
        "第三十天過後，弦有點鈍了。新弦要拉三天才會穩，**每天上緊一點**，不要一次上到底。\n\n照片裡是琴盒附的那條布，擦弦剛好。",
        ("烏克麗麗", "換弦"),
        ("ukulele-kit.webp", "ukulele-cover.webp"),
    ),
    "desk": (
        "boyan",
        7,
        "墨不要倒滿",
        "硯台裡三分之一就夠寫一晚。筆先在清水裡站一下，再去喝墨。",
        ("書法", "新手"),
        ("calligraphy-kit.webp", "note-fu.webp"),
    ),
    "morning": (
        "xiaochen",
        4,
        "早上七分鐘",
        "等水滾的七分鐘，剛好一首歌從頭到尾。練不完的那一小節，就是今天的功課。",
        ("烏克麗麗", "早晨"),
        ("note-morning.webp",),
    ),
}
# Where in the first picture, in per mille.
TAGGED = {"strings": ("ukulele", 480, 520), "desk": ("calligraphy", 420, 560)}
LIKES = {"strings": ("meiling", "xiaochen", "ahao", "xinyi"), "desk": ("moyun", "shuyuan"), "morning": ("jiahui", "yating")}
COMMENT = ("morning", "meiling", "我家的水滾得比較快，只夠副歌。")
PICK = ("strings", "yuan", "照著做就會，連布都拍給你看。")


def steps(calendar: Calendar) -> list[Step]:
    made = []
    for name, (_author, ago, *_rest) in NOTES.items():
        made.append(Step(calendar.moment(ago, "15:10"), partial(_write, name)))
        made += [Step(calendar.moment(ago - 1, f"{12 + n}:05"), partial(_like, name, who)) for n, who in enumerate(LIKES[name])]
    made.append(Step(calendar.moment(2, "07:40"), _comment))
    made.append(Step(calendar.moment(2, "09:00"), _pick))
    return [*made, Step(calendar.moment(8, "09:30"), _follow)]


def _note(name: str) -> Note:
    return Note.objects.get(author=user_of(NOTES[name][0]), key=f"demo:{name}")


def _write(name: str) -> None:
    author, _ago, title, text, tags, pictures = NOTES[name]
    note = write_note(author=user_of(author), title=title, source=text, tags=tags, key=f"demo:{name}")
    if note.published_at is not None:
        return
    if not note.pictures.exists():
        for asset in pictures:
            add_picture(note=note, upload=upload(str(Path("pictures") / asset)), alt=title)
    if name in TAGGED:
        slug, x, y = TAGGED[name]
        offer, course = Offer.objects.filter(slug=slug).first(), Course.objects.filter(slug=slug).first()
        ref = f"offer:{offer.pk}" if offer else f"course:{course.pk}" if course else ""
        if ref:
            tag_thing(note=note, ref=ref, picture=note.pictures.first(), x=x, y=y)
    publish_note(note=note)


def _like(name: str, who: str) -> None:
    like_note(user=user_of(who), note=_note(name))


def _comment() -> None:
    name, who, text = COMMENT
    comment_on_note(author=user_of(who), note=_note(name), source=text, key=f"demo:comment:{name}")


def _pick() -> None:
    name, who, reason = PICK
    if not NotePick.objects.filter(note=_note(name)).exists():
        pick_note(by=user_of(who), note=_note(name), reason=reason)


def _follow() -> None:
    """The demo's student has something in the feed."""
    for who in ("jiahui", "boyan", "yuan", "yating"):
        follow(user=user_of("xiaochen"), person=user_of(who))
