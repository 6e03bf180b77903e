"""The index: what rooms declared in kit.searchables, and how common each token is."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Value


class SearchEntry(models.Model):
    """One entry of kit.searchables.Entry with its tokens; `audience` is asked of the person at query time."""

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=60)
    part = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    audience = models.CharField(max_length=60)
    author = models.BigIntegerField(null=True, blank=True)  # a person's id; an account that goes is looked up in vain
    at = models.DateTimeField(null=True, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_talk = models.BooleanField(default=False)
    tokens = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "part"], name="search_entry_once")]
        indexes = [
            GinIndex(fields=["tokens"], name="search_tokens", fastupdate=False),
            # What is not talk is little, and found whole however much is said about it.
            GinIndex(fields=["tokens"], name="search_things", fastupdate=False, condition=models.Q(is_talk=False)),
            GinIndex(
                Func("tokens", Value("{a}"), function="ts_filter", output_field=SearchVectorField()),
                name="search_titles",
                fastupdate=False,
                condition=models.Q(is_talk=True),
            ),
            BrinIndex(fields=["id"], name="search_by_age", pages_per_range=32),
            models.Index(fields=["audience", "id"], name="search_audience"),
            models.Index(fields=["author", "id"], name="search_author", condition=models.Q(author__isnull=False)),
        ]
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return self.ref


class TokenFrequency(models.Model):
    """In how many entries a token stands; the token '' holds the number of all entries. Refreshed by a task."""

    token = models.CharField(max_length=80, primary_key=True)
    documents = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "token frequencies"

    def __str__(self) -> str:
        return f"{self.token}: {self.documents}"
