"""Two spaces beside the classes: one for parents, by answers and proof, and one for those who finished the ukulele course."""

from datetime import time
from functools import partial

from community import flows
from community.models import Application, Membership, Recurring, Space, Topic
from courses.models import Certificate, Course
from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from launch.demo.load.pictures import upload

PARENTS, ROOF = "with-kids", "rooftop"
RULES = (
    "一、孩子的照片，別人家的不放。\n"
    "二、有人說累，先聽，不急著給建議。\n"
    "三、這裡不放商品，也不放推薦連結；想分享好物，請到小院子。"
)
QUESTIONS = ["孩子幾歲了？", "想在這裡聊些什麼？"]
INTERESTS = ["哄睡歌", "親子合奏", "零碎時間練習", "兒歌和弦"]
PARENTS_PLAN = flows.Plan(
    name="帶孩子一起彈",
    description="一邊帶孩子一邊學琴的人。請附上兒童手冊封面或任何看得出您在帶孩子的文件，版主看過就刪掉。",
    way="answers",
    questions=QUESTIONS,
    asks_proof=True,
    rules=RULES,
    interests=INTERESTS,
    offers_allowed=False,
    referrals_allowed=False,
    list_hidden=True,
)
ROOF_RULES = "錄音都是自己彈的；聽的人先說喜歡哪裡，再說哪裡可以更好。"
PINNED = "第一次上屋頂，先看這裡"
APPLICANTS = {
    "meiling": ("七歲和十歲。", "想問大家晚上怎麼練琴不吵醒小的。"),
    "guoming": ("三年級。", "兒子彈得比我快，求安慰。"),
}
WAITING = ("xinyi", "班上二十個，自己的還沒有。", "想學幾首可以帶著小朋友唱的歌。")


def steps(calendar: Calendar) -> list[Step]:
    made = [Step(calendar.moment(12, "11:00"), _parents), Step(calendar.moment(12, "11:30"), _roof)]
    for number, (who, said) in enumerate(APPLICANTS.items()):
        made.append(Step(calendar.moment(11 - number, "21:10"), partial(_apply, who, said)))
        made.append(Step(calendar.moment(10 - number, "09:20"), partial(_accept, who)))
    made.append(Step(calendar.moment(8, "21:40"), _first_topic))
    made.append(Step(calendar.moment(0, "08:10"), partial(_apply, WAITING[0], WAITING[1:])))
    return [*made, Step(calendar.latest, _graduates)]


def _space(slug: str, who: str, plan: flows.Plan) -> Space:
    known = Space.objects.filter(slug=slug).first()
    return known or flows.make_space(by=user_of(who), slug=slug, plan=plan)


def _parents() -> None:
    space = _space(PARENTS, "shuyuan", PARENTS_PLAN)
    _place(space, "afang", "moderator")


def _roof() -> None:
    course, teacher = Course.objects.get(slug="ukulele"), user_of("yuan")
    plan = flows.Plan(
        name="結業生的屋頂",
        description="彈完三十天的人，繼續一起彈。每週五晚上有一首合奏。",
        way="graduates",
        way_of=f"course:{course.pk}",
        rules=ROOF_RULES,
    )
    space = _space(ROOF, "yuan", plan)
    if not Recurring.objects.filter(space=space).exists():
        flows.add_recurring(
            by=teacher,
            space=space,
            title="週五合奏 {month}/{day}",
            source="這週選一首，三天內把您的那一段錄上來，我來剪在一起。",
            kind="work",
            rhythm="weekly",
            step=4,
            at=time(20),
            first_on=space.created_at.date(),
        )
    if not Topic.objects.filter(space=space, title=PINNED).exists():
        text = "這裡只有彈完課程的人。想到什麼就錄，三十秒也好。星期五晚上八點，屋頂會自己開一則合奏。"
        values = {"kind": "announcement", "title": PINNED, "source": text, "key": "demo:roof"}
        topic = flows.open_topic(author=teacher, space=space, **values)
        flows.set_pinned(by=teacher, topic=topic, on=True)


def _apply(who: str, said: tuple[str, ...]) -> None:
    user, space = user_of(who), Space.objects.get(slug=PARENTS)
    if not Application.objects.filter(user=user, space=space).exists():
        flows.apply(
            user=user,
            space=space,
            answers=said,
            proof=upload("pictures/note-night.webp"),
            accepted=space.rules_version,
            interests=INTERESTS[:2],
        )


def _accept(who: str) -> None:
    waiting = Application.objects.filter(user=user_of(who), space__slug=PARENTS, state="open").first()
    if waiting is not None:
        flows.decide(by=user_of("afang"), application=waiting, accept=True, reason="歡迎，先去打聲招呼吧。")


def _first_topic() -> None:
    space, author = Space.objects.get(slug=PARENTS), user_of("meiling")
    text = "塞一條毛巾在琴孔裡，音量剩一半，左手一樣練得到。小的睡在隔壁，沒醒過。\n\n大家還有什麼辦法？"
    values = {"kind": "experience", "title": "半夜練琴的毛巾法", "source": text, "key": "demo:towel"}
    flows.open_topic(author=author, space=space, **values)


def _graduates() -> None:
    """Who holds a certificate goes up by themselves."""
    space = Space.objects.get(slug=ROOF)
    holders = Certificate.objects.filter(enrolment__cohort__course__slug="ukulele", revoked_at=None, enrolment__state="active")
    for certificate in holders.select_related("enrolment__user").order_by("pk"):
        user = certificate.enrolment.user
        if not Membership.objects.filter(user=user, space=space).exists():
            flows.join_by_oneself(user=user, space=space, accepted=space.rules_version)


def _place(space: Space, who: str, role: str) -> None:
    user = user_of(who)
    if not Membership.objects.filter(user=user, space=space, ended_at=None, role=role).exists():
        flows.join(user=user, space=space, role=role)
