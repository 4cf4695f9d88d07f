"""Where a dispute stands, whose business it is, and what may come next; worked by hand."""

from datetime import UTC, date, datetime

import pytest

from domain import dispute_rules
from domain.dispute_rules import Dispute, Step, Subject
from domain.visitors import Visitor

SHOP = Subject("shop", "ICBC/S1", "海连便利店", "320706", "Z1", "ICBC")
VENUE = Subject("venue", "V1", "示例市场", "320706", "", "ICBC", "U16")
RAISED = Step("raised", {"reason_id": "closed", "role": "county", "unit": "320706"}, "甲",
              datetime(2026, 9, 28, 4, tzinfo=UTC))  # fmt: skip
ANSWERED = Step("answered", {}, "乙", datetime(2026, 10, 9, 4, tzinfo=UTC))
UPHELD = Step("ruled", {"upheld": True}, "丙", datetime(2026, 10, 12, 4, tzinfo=UTC))
REOPENED = Step("reopened", {}, "乙", datetime(2026, 10, 13, 4, tzinfo=UTC))
DISMISSED = Step("ruled", {"upheld": False}, "丙", datetime(2026, 10, 14, 4, tzinfo=UTC))


def dispute(*steps, subject=SHOP):
    return Dispute("质询-2026-0001", subject, (RAISED, *steps))


def test_an_answer_is_due_after_ten_working_days():
    # Raised on Monday 28 September: 29 and 30, the holidays from 1 to 7 October, 8, 9 and a
    # Saturday made up on the 10th, 12 to 16 are five more.
    assert dispute().due_on == date(2026, 10, 16)


@pytest.mark.parametrize(
    ("steps", "today", "status"),
    [
        ((), date(2026, 10, 16), "open"),
        ((), date(2026, 10, 17), "overdue"),
        ((ANSWERED,), date(2027, 1, 1), "to_rule"),
        ((ANSWERED, UPHELD), date(2027, 1, 1), "upheld"),
        ((ANSWERED, UPHELD, REOPENED), date(2026, 10, 14), "open"),
        ((ANSWERED, UPHELD, REOPENED), date(2026, 10, 28), "overdue"),
        ((ANSWERED, UPHELD, REOPENED, DISMISSED), date(2027, 1, 1), "dismissed"),
    ],
)
def test_where_it_stands_follows_from_its_steps_and_the_day(steps, today, status):
    assert dispute_rules.status(dispute(*steps), today) == status


def test_what_nobody_answers_for_waits_for_the_ruling_at_once():
    nobody = dispute(subject=Subject("venue", "V1", "示例市场", "320706"))
    assert dispute_rules.status(nobody, RAISED.day) == "to_rule"


def test_the_answer_took_four_working_days():
    # 29 and 30 September, 8 and 9 October.
    assert dispute(ANSWERED).answered_in == 4
    assert dispute().answered_in is None


def test_a_ruling_holds_until_the_next_one():
    assert dispute(ANSWERED, UPHELD, REOPENED).ruling is UPHELD
    assert dispute(ANSWERED, UPHELD, REOPENED, DISMISSED).ruling is DISMISSED


def test_what_may_come_next():
    def following(*steps):
        return {s for s in dispute_rules.SORTS if dispute_rules.follows(steps, s)}

    assert following() == {"raised"}
    assert following(RAISED) == {"answered", "ruled"}
    assert following(RAISED, ANSWERED) == {"ruled"}
    assert following(RAISED, ANSWERED, UPHELD) == {"reopened"}
    assert following(RAISED, UPHELD, REOPENED) == {"answered", "ruled"}
    assert following(RAISED, UPHELD, REOPENED, DISMISSED) == set()


@pytest.mark.parametrize(
    ("who", "shop", "venue"),
    [
        (Visitor("甲", "office"), True, True),
        (Visitor("甲", "leader"), True, True),
        (Visitor("甲", "county", "320706"), True, True),
        (Visitor("甲", "county", "Z1"), True, False),
        (Visitor("甲", "county", "320707"), False, False),
        (Visitor("甲", "bank", "ICBC"), True, True),
        (Visitor("甲", "bank", "ABC"), False, False),
        (Visitor("甲", "department", "U16"), False, True),
        (Visitor("甲", "department", "U17"), False, False),
    ],
)
def test_whose_business_it_is(who, shop, venue):
    assert dispute_rules.concerns(who, SHOP) is shop
    assert dispute_rules.concerns(who, VENUE) is venue


def test_a_bank_answers_for_its_shops_and_a_department_for_a_count():
    assert SHOP.against == ("bank", "ICBC")
    assert VENUE.against == ("bank", "ICBC")
    count = Subject("denominator", "V1", "示例市场", "320706", "", "ICBC", "U16")
    assert count.against == ("department", "U16")
    assert Subject("cluster", "J1", "示例街", "320706").against == ("county", "320706")
    assert Subject("venue", "V1", "示例市场", "320706").against == ("", "")


def test_a_dispute_is_shown_to_whom_it_concerns_who_answers_and_who_raised_it():
    one = dispute()
    for role, unit, shown in [
        ("office", "", 1), ("bank", "ICBC", 1), ("county", "320706", 1), ("county", "320707", 0),
        ("bank", "ABC", 0), ("department", "U16", 0),
    ]:  # fmt: skip
        assert len(dispute_rules.seen(Visitor("甲", role, unit), [one])) == shown, (role, unit)
