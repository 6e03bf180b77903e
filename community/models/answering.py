"""How a person answers messages, and whose messages they do not want."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

PERSON = settings.AUTH_USER_MODEL


class AnswerRules(models.Model):
    """Within how many hours this person answers (empty: the site's rule), and what is said while they are away."""

    user = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="+")
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    away_text = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "answer rules"
        constraints = [models.CheckConstraint(condition=Q(hours=None) | Q(hours__range=(1, 720)), name="answer_within_a_month")]

    def __str__(self) -> str:
        return f"{self.user_id} answers within {self.hours} h"


class CannedAnswer(models.Model):
    """Words that a person often answers with; they go into the editor, and are changed there before they are sent."""

    owner = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=60)
    source = models.TextField()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class Block(models.Model):
    """`user` wants no messages from `person`; neither writes to the other while it stands."""

    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "person"], name="blocked_once"),
            models.CheckConstraint(condition=~Q(user=F("person")), name="nobody_blocks_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} blocks {self.person_id}"
