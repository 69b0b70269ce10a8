"""Where readers say that something is wrong on a page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from handbooks import built, host, pages, parsed
from putright_handbook import contacts
from putright_handbook.page import HandbookError

FORM = "https://council.example/form?page=1"


def test_addresses_are_for_all_or_for_one_council() -> None:
    given = ["help@council.example", f"coventry={FORM}"]
    found = contacts.read(given, host().councils)
    assert found == {"": "help@council.example", "coventry": FORM}
    assert contacts.read([FORM], host().councils) == {"": FORM}
    assert contacts.link(found, "coventry", "Letters", "councils/coventry/letters") == FORM
    mail = urlsplit(contacts.link(found, "runnymede", "Letters & more", "councils/runnymede/letters"))
    assert (mail.scheme, mail.path) == ("mailto", "help@council.example")
    asked = parse_qs(mail.query)
    assert asked["subject"] == ["Something is wrong in the complaints handbook: Letters & more"]
    assert asked["body"][0].startswith("Page: councils/runnymede/letters")
    assert contacts.link({}, "coventry", "Letters", "letters") == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nobody"], "'nobody' is not an email address"),
        (["atlantis=a@b.example"], "'atlantis' is not a council of this handbook"),
        (["javascript:alert(1)"], "is not an email address"),
        (["a@b.example", "c@d.example"], "given twice"),
        (["a@b.example?bcc=c@d.example"], "is not"),
    ],
)
def test_what_is_no_address_is_a_mistake(given: list[str], said: str) -> None:
    with pytest.raises(HandbookError, match="--contact") as caught:
        contacts.read(given, host().councils)
    assert said in str(caught.value)


@pytest.mark.slow
def test_every_page_has_the_way_to_say_so() -> None:
    for path in pages():
        [said] = parsed(path).cssselect(".pr-wrong-page")
        assert "Something is wrong on this page" in said.text_content(), path
    [said] = parsed(built() / "councils/coventry/corporate/letters.html").cssselect(".pr-wrong-page")
    assert "Service Recovery team" in said.text_content()
