"""What students did: lessons day by day, check-ins, homework and its reviews, the first certificates."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from courses.flows import (
    RemarkAt,
    check_in,
    complete_lesson,
    grant_seat,
    open_lesson,
    pin_started_cohorts,
    review_homework,
    save_resume_point,
    submit_homework,
)
from courses.models import Assignment, Cohort, Enrolment, Lesson, Media, ProgressEvent, ResumePoint, Submission
from kit.clock import now
from launch.demo.load.accounts import user_of
from launch.demo.load.calendar import Calendar, Step
from launch.demo.load.pictures import upload
from launch.demo.people import PEOPLE
from notices.flows import mark_read


@dataclass(frozen=True)
class Learner:
    """Done lessons are days 1 … `done` of the class that began `began` days ago for them; `misses` had no check-in."""

    who: str
    cohort: str
    began: int
    done: int
    hour: int
    misses: frozenset[int] = frozenset()


def _misses(*days: int) -> frozenset[int]:
    return frozenset(days)


LEARNERS = (
    Learner("jiahui", "ukulele-first", 57, 30, 8, _misses(9, 17)),
    Learner("yating", "ukulele-first", 57, 30, 10, _misses(4, 12, 13, 22)),
    # Today is day 14: thirteen are done, today's is open, the streak has lasted since day 6.
    Learner("xiaochen", "ukulele-class-1", 13, 13, 21, _misses(5)),
    Learner("meiling", "ukulele-class-1", 13, 13, 20, _misses(3)),
    Learner("ahao", "ukulele-class-1", 13, 12, 22, _misses(4, 8, 11)),
    Learner("xiaozhou", "ukulele-class-1", 13, 12, 23, _misses(2, 7)),
    Learner("lianyi", "ukulele-class-1", 13, 13, 6),
    Learner("xinyi", "ukulele-class-1", 13, 11, 7, _misses(6, 10, 12)),
    Learner("guoming", "ukulele-class-1", 12, 5, 19, _misses(3, 4, 7, 8, 9, 10, 11)),
    Learner("wenjie", "coffee-class-1", 8, 6, 7, _misses(2)),
    Learner("peishan", "coffee-class-1", 8, 7, 8),
    Learner("ahao", "coffee-class-1", 8, 4, 5, _misses(3, 6)),
    Learner("lianyi", "calligraphy-class-1", 8, 5, 20),
    Learner("peishan", "calligraphy-class-1", 8, 7, 22),
    Learner("wenjie", "calligraphy-class-1", 8, 6, 23, _misses(1, 5)),
)
NOTES = (
    "手指有點燙，可是聲音亮了。",
    "今天只練了八分鐘，但是八分鐘。",
    "節拍器 60，沒有停。",
    "換得慢，沒關係。",
    "家人說聽起來像一首歌了。",
    "卡在右手，明天再來。",
    "第一次沒有看手。",
    "邊等水滾邊練。",
    "錄下來聽，比想像中好。",
    "睡前一遍，心很靜。",
)


@dataclass(frozen=True)
class Handed:
    """Homework handed in so many days ago; reviewed `answered` days ago, or waiting."""

    who: str
    cohort: str
    lesson: str
    ago: int
    text: str
    clip: str = ""
    answered: int | None = None
    accept: bool = True
    words: str = ""
    remarks: tuple[tuple[int, str], ...] = ()


def _graduate(who: str, lesson: str, ago: int, words: str) -> Handed:
    clip = f"clips/ukulele-{lesson.replace('-', '-0') if len(lesson) == 5 else lesson}.wav"
    return Handed(
        who,
        "ukulele-first",
        lesson,
        ago,
        "錄好了，請老師聽聽看。",
        clip,
        ago - 1,
        True,
        words,
        ((2, "這裡的停頓很好，別急著填滿它。"),),
    )


HOMEWORK = (
    *(
        _graduate(who, lesson, ago, words)
        for who in ("jiahui", "yating")
        for lesson, ago, words in (
            ("day-6", 50, "右手沒有停，這就對了。"),
            ("day-12", 44, "第二圈比第一圈放鬆，聽得出來。"),
            ("day-21", 35, "旋律站得很穩，音尾可以再留一點。"),
            ("day-30", 27, "這是一場真正的音樂會。恭喜畢業。"),
        )
    ),
    Handed(
        "xiaochen",
        "ukulele-class-1",
        "day-6",
        7,
        "錄了四次才敢交。F 換 C 那裡還是會慢半拍。",
        "clips/ukulele-day-06.wav",
        6,
        True,
        "節奏穩，音色乾淨，這個星期最好的一份。慢半拍的原因我標在下面，只差一個小動作。",
        (
            (1, "開頭的 C 很亮，指尖立得很好。"),
            (3, "這裡換 F 時食指晚了：讓它比中指早一點點出發。"),
            (5, "最後一下收得很輕，我喜歡。"),
        ),
    ),
    Handed(
        "xiaochen",
        "ukulele-class-1",
        "day-12",
        1,
        "四和弦循環第二圈開始哼了一小段。最卡的是 Am 進 F。",
        "clips/ukulele-day-12.wav",
    ),
    Handed(
        "xiaozhou",
        "ukulele-class-1",
        "day-6",
        6,
        "宿舍錄的，背景有室友在笑。",
        "clips/ukulele-day-06.wav",
        5,
        False,
        "室友的笑聲很加分，但右手在第三小節停了。把速度調到 50 再錄一次，不用更好聽，只要不停。",
        ((4, "右手在這裡停住了，空刷也要繼續。"),),
    ),
    Handed("meiling", "ukulele-class-1", "day-12", 2, "女兒唱的，我彈的。", "clips/ukulele-day-12.wav"),
    Handed("lianyi", "ukulele-class-1", "day-12", 1, "手粗，音有點悶，請老師不要客氣。", "clips/ukulele-day-12.wav"),
    Handed("wenjie", "coffee-class-1", "day-7", 1, "衣索比亞中淺焙，15 克，225 毫升，兩分四十秒。像剛下過雨的橘子園。"),
    Handed(
        "peishan",
        "coffee-class-1",
        "day-7",
        2,
        "瓜地馬拉，16 克，240 毫升，兩分三十秒。像有人在隔壁房間烤麵包。",
        "",
        1,
        True,
        "「隔壁房間」這四個字，比任何風味輪都準。",
    ),
    Handed("peishan", "calligraphy-class-1", "day-7", 2, "想貼在外婆家的紗門上，雖然紗門貼不住。"),
)


def steps(calendar: Calendar) -> list[Step]:
    made = []
    for learner in LEARNERS:
        made += _days_of(calendar, learner)
    for handed in HOMEWORK:
        made.append(Step(calendar.moment(handed.ago, "22:30"), partial(_hand_in, handed)))
        if handed.answered is not None:
            made.append(Step(calendar.moment(handed.answered, "12:10"), partial(_review, handed)))
    made.append(Step(calendar.moment(3, "06:00"), _read_old_notices))
    made.append(Step(calendar.moment(1, "21:40"), _stop_in_the_middle))
    return [*made, Step(calendar.latest, pin_started_cohorts)]


def seats_without_orders(calendar: Calendar) -> list[Step]:
    """Where nothing can be paid: seats given by staff, on the day on which the class began for each."""
    return [Step(calendar.moment(one.began + 1, "08:00"), partial(_give_seat, one, calendar.day(one.began))) for one in LEARNERS]


def _give_seat(learner: Learner, starts_on: date) -> None:
    cohort = Cohort.objects.get(slug=learner.cohort)
    grant_seat(user=user_of(learner.who), cohort=cohort, source="staff:demo", starts_on=starts_on)


def _days_of(calendar: Calendar, learner: Learner) -> list[Step]:
    made = []
    for day in range(1, learner.began + 1):
        moment = calendar.moment(learner.began - day + 1, f"{learner.hour:02d}:{day * 7 % 50:02d}")
        if day <= learner.done:
            made.append(Step(moment, partial(_learn, learner, day)))
        if day <= max(learner.done, 13 if learner.cohort == "ukulele-class-1" else 7) and day not in learner.misses:
            made.append(Step(moment + timedelta(minutes=9), partial(_check_in, learner, day)))
    return made


def _seat(who: str, cohort: str) -> Enrolment | None:
    """The live seat, or None."""
    rows = Enrolment.objects.filter(user=user_of(who), cohort__slug=cohort, state=Enrolment.State.ACTIVE)
    return rows.select_related("user", "cohort__course").first()


def _learn(learner: Learner, day: int) -> None:
    seat = _seat(learner.who, learner.cohort)
    lesson = Lesson.objects.filter(course__slug=learner.cohort.split("-")[0], day=day).first()
    if seat is None or lesson is None or ProgressEvent.objects.filter(enrolment=seat, lesson=lesson, kind="completed").exists():
        return
    open_lesson(enrolment=seat, lesson=lesson)
    complete_lesson(enrolment=seat, lesson=lesson)


def _check_in(learner: Learner, day: int) -> None:
    seat = _seat(learner.who, learner.cohort)
    if seat is not None:
        number = day * 3 + sum(map(ord, learner.who))
        check_in(enrolment=seat, note=NOTES[number % len(NOTES)] if number % 3 else "")


def _submission(handed: Handed) -> Submission | None:
    course = handed.cohort.split("-")[0]
    seat = _seat(handed.who, handed.cohort)
    return Submission.objects.filter(
        enrolment=seat, assignment__lesson__course__slug=course, assignment__lesson__slug=handed.lesson
    ).first()


def _hand_in(handed: Handed) -> None:
    seat = _seat(handed.who, handed.cohort)
    if seat is None or _submission(handed) is not None:
        return
    assignment = Assignment.objects.get(lesson__course=seat.cohort.course, lesson__slug=handed.lesson)
    submit_homework(enrolment=seat, assignment=assignment, text=handed.text, file=upload(handed.clip) if handed.clip else None)


def _review(handed: Handed) -> None:
    submission = _submission(handed)
    if submission is not None and submission.state == Submission.State.SUBMITTED:
        teacher = submission.enrolment.cohort.course.teacher
        remarks = [RemarkAt(second, text) for second, text in handed.remarks]
        review_homework(submission=submission, author=teacher, body=handed.words, accept=handed.accept, remarks=remarks)


def _stop_in_the_middle() -> None:
    """student@demo.test stopped yesterday inside the recording of day 13."""
    seat = _seat("xiaochen", "ukulele-class-1")
    lesson = Lesson.objects.filter(course__slug="ukulele", day=13).first()
    clip = Media.objects.filter(course__slug="ukulele", kind="audio", title__startswith=lesson.title).first() if lesson else None
    if seat and lesson and not ResumePoint.objects.filter(enrolment=seat, lesson=lesson).exists():
        save_resume_point(enrolment=seat, lesson=lesson, media=clip, seconds=3, at=now())


def _read_old_notices() -> None:
    for person in PEOPLE:
        mark_read(user=user_of(person.handle))
