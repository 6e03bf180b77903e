from courses.models.calendar import Pause, RestDay
from courses.models.certificate import Certificate
from courses.models.cohort import Cohort, LessonPin
from courses.models.course import Course, Lesson, Media, Module, TeamMember
from courses.models.enrolment import Enrolment
from courses.models.homework import Assignment, Remark, Review, Submission
from courses.models.live import Attendance, CalendarFeed, LiveSession
from courses.models.page import CatalogPage, CoursePage, LessonPage
from courses.models.progress import CheckIn, ProgressEvent, ResumePoint
from courses.models.quiz import Attempt, Quiz
from courses.models.wait_list import WaitListEntry

__all__ = [
    "Assignment",
    "Attempt",
    "Attendance",
    "CalendarFeed",
    "CatalogPage",
    "Certificate",
    "CheckIn",
    "Cohort",
    "Course",
    "CoursePage",
    "Enrolment",
    "Lesson",
    "LessonPage",
    "LessonPin",
    "LiveSession",
    "Media",
    "Module",
    "Pause",
    "ProgressEvent",
    "Quiz",
    "Remark",
    "RestDay",
    "ResumePoint",
    "Review",
    "Submission",
    "TeamMember",
    "WaitListEntry",
]
