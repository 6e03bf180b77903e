"""Where goods go: an address in the book, a new one by its country's rules, or a convenience store in Taiwan."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from kit import addresses
from kit.forms import DECIDED_BY_AREA, AreaPostcode
from kit.phones import PhoneRefused, checked_phone
from kit.plain_select import PlainSelect
from shop.catalogue.stores import COUNTRY, Chain
from shop.checkout.forms.contact import attach
from shop.checkout.forms.labels import AUTOCOMPLETE, CHOOSE, INVALID, INVALID_CHOICE, REQUIRED, label_of
from shop.orders.delivery import DeliveryData
from shop.orders.models import Delivery

HOME, STORE, NEW = str(Delivery.Method.HOME), str(Delivery.Method.STORE), "new"
TAIWAN_MOBILE = re.compile(r"09[0-9]{8}")
AREAS = ("region", "city", "district")
# A change of one of these changes which fields follow; the page is asked for again, by script or by a button.
TURNS = {"data-turn": "yes"}
# What is being typed while that page is on its way stays as it is typed.
TYPED = {"data-hx-preserve": "true"}


class DeliveryForm(forms.Form):
    """Fields depend on what was chosen so far (`values`): method, saved address, country, region, city.

    Nothing is sent to the countries `elsewhere`: there the country is all that is asked.
    """

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        values: Mapping[str, Any],
        book: Sequence[Address],
        countries: Sequence[tuple[str, Any]],
        elsewhere: Collection[str] = (),
        chains: Sequence[Chain],
        member: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, initial=dict(values), **kwargs)
        self.book, self.chains, self.countries = {str(row.pk): row for row in book}, {c.code: c for c in chains}, countries
        self.method = STORE if self.chains and values.get("method") == STORE else HOME
        self.auto_id = f"id_{self.method}_%s"
        self.saved, self.elsewhere = self._saved(values), elsewhere
        codes = [code for code, _name in countries]
        self.country = COUNTRY if self.method == STORE else str(values.get("country", ""))
        self.country = self.country if self.country in codes else codes[0]
        self.initial |= {"method": self.method, "country": self.country, "saved": self.saved}
        if self.chains:
            self._add_method()
        if self.method == STORE:
            self._add_store()
        elif self.book:
            self._add_book()
        if self.method == HOME and self.saved == NEW:
            self._add_country()
        if self.method == HOME and self.saved == NEW and not self.is_elsewhere:
            self._add_address(values)
            if member:
                self.fields["keep"] = forms.BooleanField(label=_("Keep this address for next time"), required=False)
        attach(self)

    def _saved(self, values: Mapping[str, Any]) -> str:
        wanted = str(values.get("saved", ""))
        return wanted if wanted in self.book or wanted == NEW else next(iter(self.book), NEW)

    def _add_method(self) -> None:
        choices = [(HOME, _("To an address")), (STORE, _("Pick up at a convenience store (Taiwan)"))]
        self.fields["method"] = forms.ChoiceField(label=_("How"), choices=choices, widget=forms.RadioSelect(attrs=TURNS))

    def _add_book(self) -> None:
        choices = [(key, f"{row.name}, {''.join(addresses.lines_of(vars(row)))}") for key, row in self.book.items()]
        self.fields["saved"] = forms.ChoiceField(
            label=_("Your addresses"), choices=[*choices, (NEW, _("Another address"))], widget=forms.RadioSelect(attrs=TURNS)
        )

    def _add_person(self, name_label: Any, name_help: Any, phone_label: Any, phone_help: Any) -> None:
        self.fields["name"] = forms.CharField(
            label=name_label, help_text=name_help, max_length=80, error_messages={"required": REQUIRED},
            widget=forms.TextInput(attrs={"autocomplete": "name", **TYPED}),
        )  # fmt: skip
        self.fields["phone"] = forms.CharField(
            label=phone_label, help_text=phone_help, max_length=30, error_messages={"required": REQUIRED},
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", **TYPED}),
        )  # fmt: skip

    def _add_store(self) -> None:
        rows = [(chain.code, chain.name) for chain in self.chains.values()]
        self.fields["chain"] = forms.ChoiceField(
            label=_("Chain"), choices=rows, widget=forms.RadioSelect, error_messages={"required": CHOOSE}
        )
        self.fields["store_name"] = forms.CharField(label=_("Store name"), max_length=40, error_messages={"required": REQUIRED})
        self.fields["store_code"] = forms.CharField(
            label=_("Store number"), max_length=12, error_messages={"required": REQUIRED},
            help_text=_("The number that the chain's store finder shows."),
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )  # fmt: skip
        id_help = _("As on the ID that you show at the counter.")
        self._add_person(
            _("Recipient's name"), id_help, _("Mobile"), _("Ten digits, beginning with 09: the store sends a text message.")
        )

    def _add_country(self) -> None:
        self.fields["country"] = forms.ChoiceField(
            label=_("Country or region"), choices=self.countries, widget=PlainSelect(attrs={"autocomplete": "country", **TURNS})
        )

    @property
    def is_elsewhere(self) -> bool:
        """Nothing is sent to the country that was chosen."""
        return self.method == HOME and self.saved == NEW and self.country in self.elsewhere

    @property
    def postal_code(self) -> str:
        """Of the new address, as far as it is known: what was typed, or what the area decides."""
        typed = self.cleaned_data.get("postal_code") if self.is_bound and self.is_valid() else None
        return str(self.initial.get("postal_code", "") if typed is None else typed)

    def _add_address(self, values: Mapping[str, Any]) -> None:
        self._add_person(_("Recipient's name"), "", _("Phone"), _("For the carrier only."))
        region, city = str(values.get("region", "")), str(values.get("city", ""))
        levels = {level.name: level for level in addresses.fields_of(self.country, region, city)}
        for name in addresses.field_order(self.country):
            if name in levels:
                self.fields[name] = self._address_field(levels[name], values)
        if "postal_code" in self.fields:
            self._fill_postal_code(values)

    def _address_field(self, level: addresses.Level, values: Mapping[str, Any]) -> forms.Field:
        attrs = {"autocomplete": AUTOCOMPLETE[level.name]} | (TYPED if level.name == "street" else {})
        common: dict[str, Any] = {
            "label": label_of(level.name, level.kind), "required": level.required, "error_messages": {"required": REQUIRED},
            "max_length": 200 if level.name == "street" else 80,
        }  # fmt: skip
        if level.name == "postal_code" and self.country in DECIDED_BY_AREA:
            return AreaPostcode(widget=forms.TextInput(attrs=attrs), **common)
        if not level.choices and not self._waits_for_parent(level):
            return forms.CharField(widget=forms.TextInput(attrs=attrs), **common)
        if not level.choices:
            above_first = [("", _("Choose the area above first"))]
            return forms.CharField(widget=PlainSelect(attrs=attrs, choices=above_first), **common)
        native = (get_language() or "").startswith("zh")
        rows = [(key, name if native or name == latin else f"{latin} {name}") for key, name, latin in level.choices]
        if str(values.get(level.name, "")) not in {key for key, _label in rows}:
            self.initial[level.name] = ""
        # Which area belongs to which is judged by kit.addresses, with a better message than Django's.
        return forms.CharField(widget=PlainSelect(attrs={**attrs, **TURNS}, choices=[("", _("Choose")), *rows]), **common)

    def _waits_for_parent(self, level: addresses.Level) -> bool:
        return level.name in AREAS[1:] and self.country in {"TW", "CN", "HK", "KR"}

    def _fill_postal_code(self, values: Mapping[str, Any]) -> None:
        """The area decides the postcode in Taiwan, and suggests one in China; a fitting one that was typed stays."""
        code = addresses.postal_code_of(self.country, *(str(values.get(name, "")) for name in AREAS))
        typed = str(values.get("postal_code", ""))
        if code and not typed.startswith(code if self.country == "TW" else code[:2]):
            self.initial["postal_code"] = code

    def clean_phone(self) -> str:
        phone = unicodedata.normalize("NFKC", self.cleaned_data["phone"]).strip()
        if self.method == STORE:
            digits = re.sub(r"[ \-]", "", phone)
            if not TAIWAN_MOBILE.fullmatch(digits):
                raise forms.ValidationError(_("A mobile number in Taiwan has ten digits and begins with 09."))
            return digits
        try:
            return checked_phone(phone, self.country)
        except PhoneRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_name(self) -> str:
        name = " ".join(unicodedata.normalize("NFC", self.cleaned_data["name"]).split())
        if self.method == STORE and (len(name) < 2 or re.search(r"[0-9<>@#*]", name)):
            raise forms.ValidationError(_("Please write the name as it stands on the ID."))
        return name

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.method == STORE:
            self._check_store(values)
        elif self.saved == NEW and not self.is_elsewhere:
            self._check_address(values)
        return values

    def _check_store(self, values: dict[str, Any]) -> None:
        chain = self.chains.get(values.get("chain", ""))
        code = unicodedata.normalize("NFKC", values.get("store_code", "")).strip()
        if chain and code and not re.fullmatch(rf"[0-9]{{{chain.code_digits}}}", code):
            text = _("Store numbers of %(chain)s have %(digits)s digits.") % {"chain": chain.name, "digits": chain.code_digits}
            self.add_error("store_code", text)
        values["store_code"] = code

    def _check_address(self, values: dict[str, Any]) -> None:
        written = {name: unicodedata.normalize("NFC", str(values.get(name) or "")) for name in addresses.THEIR_NAMES}
        try:
            values |= addresses.checked(written)
        except addresses.InvalidAddress as error:
            for name, why in error.errors.items():
                if name in self.errors:
                    continue
                text = REQUIRED if why == "required" else INVALID.get(name, INVALID_CHOICE)
                self.add_error(name if name in self.fields else None, text)

    @property
    def keeps(self) -> bool:
        """Whether the address is new and wanted in the book; for a valid form only."""
        if not self.cleaned_data.get("keep"):
            return False
        return all(
            any(getattr(row, name) != self.cleaned_data.get(name) for name in ("street", "city", "name"))
            for row in self.book.values()
        )

    def delivery(self) -> DeliveryData:
        """What was filled in; for a valid form only."""
        if self.method == HOME and self.saved != NEW:
            row = self.book[self.saved]
            names = ("name", "phone", "country", "region", "city", "district", "street", "postal_code")
            return DeliveryData(method=HOME, **{name: getattr(row, name) for name in names})
        filled = ("name", "phone", "chain", "store_code", "store_name", *AREAS, "street", "postal_code")
        values = {name: self.cleaned_data.get(name) or "" for name in filled}
        return DeliveryData(method=self.method, country=self.country, **values)
