"""Events and a draw of the yard: one that took place, two to come, a box of strings that is drawn."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from community.flows.door import admit
from community.flows.draws import DrawFacts, Prize, enter_draw, publish_draw
from community.flows.event_reports import write_report
from community.flows.events import EventFacts, create_event
from community.flows.tickets import reserve_seat
from community.models import Draw, Event, Space
from kit.clock import FALLBACK_ZONE
from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from launch.demo.load.talk import YARD
from shop.catalogue.flows.tickets import sell_tickets

PLAYED, EVENING, WORKSHOP, BOX = "草地上的第一次合奏", "線上合奏之夜：一起彈 C", "換弦工作坊（附一組弦）", "畢業季抽獎箱"
GUESTS = ("meiling", "xiaochen", "xinyi", "guoming", "peishan")
ENTRANTS = ("meiling", "xiaochen", "xinyi", "guoming", "wenjie", "ahao")


def steps(calendar: Calendar) -> list[Step]:
    """The meeting on the lawn was six days ago, the evening is in four days, the workshop in eleven."""
    made = [
        Step(calendar.moment(14, "12:40"), partial(_make, PLAYED, calendar.moment(6, "15:00"), None)),
        Step(calendar.moment(3, "12:40"), partial(_make, EVENING, _to_come(calendar, 4, "20:00"), None)),
        Step(calendar.moment(2, "12:40"), partial(_make, WORKSHOP, _to_come(calendar, 11, "14:00"), 45000)),
        Step(calendar.moment(5, "20:10"), _report),
        Step(calendar.moment(2, "11:00"), partial(_draw, calendar)),
    ]
    for number, handle in enumerate(GUESTS):
        made.append(Step(calendar.moment(10, f"1{number}:05"), partial(_seat, PLAYED, handle)))
        made.append(Step(calendar.moment(6, f"15:0{number}"), partial(_come, handle)))
        made.append(Step(calendar.moment(2, f"1{number}:35"), partial(_seat, EVENING, handle)))
    for number, handle in enumerate(ENTRANTS):
        made.append(Step(calendar.moment(1, f"1{number}:20"), partial(_enter, handle)))
    return made


def _to_come(calendar: Calendar, days: int, clock: str) -> datetime:
    """`moment` never goes beyond now: what is planned does."""
    return calendar.moment(1, clock) + timedelta(days=days + 1)


def _make(title: str, starts_at: datetime, price: int | None) -> None:
    if Event.objects.filter(title=title).exists():
        return
    teacher, yard = user_of("yuan"), Space.objects.get(slug=YARD)
    event = create_event(by=teacher, space=None if price else yard, seats=12 if price else 30, facts=_facts(title, starts_at))
    if price:
        sell_tickets(event=event, amount=price, currency="TWD", actor=teacher)


def _facts(title: str, starts_at: datetime) -> EventFacts:
    place: dict[str, Any] = {"place": "offline", "venue": "大安森林公園露天音樂台", "address": "台北市大安區新生南路二段 1 號"}
    told = "帶琴、帶水、帶一個會跟著打拍子的人。只用一個 C 和弦，就能彈完一首。"
    if title == EVENING:
        place = {"place": "online", "join_url": "https://meet.example.org/courtyard-c"}
        told = "四十分鐘，鏡頭可以不開。予安老師帶大家把 **C 和弦**彈成一首完整的歌；會議室連結只給報名的人。"
    elif title == WORKSHOP:
        place = {"place": "offline", "venue": "許柏言的咖啡店", "address": "台南市中西區神農街 12 號", "is_sold": True}
        told = "第一次換弦總會斷一條，所以我們多準備一組。現場有人陪著你，換完再走。"
    minutes = 40 if title == EVENING else 90
    return EventFacts(title=title, starts_at=starts_at, minutes=minutes, time_zone=FALLBACK_ZONE, source=told, **place)


def _seat(title: str, handle: str) -> None:
    reserve_seat(user=user_of(handle), event=Event.objects.get(title=title))


def _come(handle: str) -> None:
    """All but the last one came."""
    event = Event.objects.get(title=PLAYED)
    ticket = event.tickets.get(user=user_of(handle))
    if handle != GUESTS[-1]:
        admit(by=user_of("yuan"), event=event, key=f"demo:{handle}", code=ticket.code)


def _report() -> None:
    event = Event.objects.get(title=PLAYED)
    if event.reported_at is None:
        text = "四把琴、一台嬰兒車、兩隻路過的狗。我們只會一個 C，可是彈到第三遍的時候，草地上有人跟著唱了。\n\n下次見。"
        write_report(by=user_of("yuan"), event=event, text=text, in_space=True)


def _draw(calendar: Calendar) -> None:
    if Draw.objects.exists():
        return
    opens = calendar.moment(2, "12:00")
    facts = DrawFacts(
        title=BOX,
        source="送給陪我們彈到今天的人：三份一樣的小盒子。抽完會請收到的人拍一張開箱照。",
        opens_at=opens,
        closes_at=opens + timedelta(days=9),
        prizes=[Prize("備用弦與移調夾小盒", 3)],
        question="第一天學的和弦叫什麼？",
        answers=["C", "C 和弦", "C和弦"],
    )
    publish_draw(by=user_of("shuyuan"), space=Space.objects.get(slug=YARD), facts=facts)


def _enter(handle: str) -> None:
    enter_draw(user=user_of(handle), draw=Draw.objects.get(title=BOX), answer="C")
