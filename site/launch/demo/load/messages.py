"""Conversations: a visitor who asks before buying, a student with a broken string, canned answers of the teacher."""

from datetime import timedelta
from functools import partial

from community.flows import keep_canned, mark_conversation_read, send_message, set_answer_rules, write_to
from community.models import CannedAnswer, Conversation, Message
from courses.models import Course
from kit.clock import now
from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from shop.catalogue.models import Offer
from shop.checkout.flows import make_personal_offer

CANNED = (
    ("調音", "四條弦由上往下是 **G、C、E、A**。手機裝一個調音器,一條一條慢慢轉,轉到指針停在中間。"),
    ("弦斷了怎麼辦", "別擔心,琴袋裡有一組備用弦。拍一張斷掉那條的照片給我,我教您怎麼換。"),
)
QUESTION = "老師好,我完全沒有學過樂器,手也不大,三十天真的跟得上嗎?"
ANSWER = "可以的。第一天只用一根手指。先看免費的第一課,彈得出一個 C 再決定,不用急著報名。"
THANKS = "第一課我看完了,真的只用一根手指!請問有沒有優惠?"
OFFER = "您是自己試過才來問的,這個價錢只給您,琴也先幫您留三天。"
BROKEN = "老師,我練到第十天,**A 弦**斷了……"
REPAIR = "正常的,新弦都會有這一次。琴袋側邊有備用弦,換好拍給我看。"


def steps(calendar: Calendar) -> list[Step]:
    return [
        Step(calendar.moment(12, "10:00"), _rules),
        Step(calendar.moment(6, "20:10"), partial(_ask, "xiaochen", BROKEN, "")),
        Step(calendar.moment(6, "21:00"), partial(_answer, "xiaochen", REPAIR, "repair")),
        Step(calendar.moment(3, "19:30"), partial(_ask, "visitor", QUESTION, "course")),
        Step(calendar.moment(3, "21:15"), partial(_answer, "visitor", ANSWER, "calm")),
        Step(calendar.moment(1, "12:40"), partial(_answer, "visitor", THANKS, "thanks", by="visitor")),
        Step(calendar.latest, _offer),
    ]


def _rules() -> None:
    teacher = user_of("yuan")
    set_answer_rules(user=teacher, hours=24, away_text="我在外面帶工作坊,回來就看訊息。")
    for title, source in CANNED:
        if not CannedAnswer.objects.filter(owner=teacher, title=title).exists():
            keep_canned(owner=teacher, title=title, source=source)


def _ask(handle: str, source: str, kind: str) -> None:
    course = Course.objects.get(slug="ukulele")
    about, title = (f"course:{course.pk}", "從零基礎到自由彈唱,圓你音樂夢") if kind else ("", "")
    write_to(
        author=user_of(handle), person=user_of("yuan"), source=source, key=f"demo-ask-{handle}", about=about, about_title=title
    )


def _answer(handle: str, source: str, key: str, by: str = "yuan") -> None:
    talk = _talk(handle)
    author = user_of(by)
    if Message.objects.filter(author=author, key=f"demo-{key}").exists():
        return  # a second load reads nothing more
    mark_conversation_read(user=author, conversation=talk, no=talk.last_no)
    send_message(author=author, conversation=talk, source=source, key=f"demo-{key}")


def _talk(handle: str) -> Conversation:
    return Conversation.objects.get(asker=user_of(handle), answerer=user_of("yuan"))


def _offer() -> None:
    """The price of the course with its instrument, less thirty; both are kept for three days."""
    offer = Offer.objects.get(slug="ukulele")
    make_personal_offer(
        seller=offer.seller,
        conversation=_talk("visitor"),
        offer=offer,
        amount=56900,
        currency="CNY",
        expires_at=now() + timedelta(days=3),
        key="demo-offer",
        source=OFFER,
    )
