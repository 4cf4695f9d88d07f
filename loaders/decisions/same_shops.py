"""Shops that several records stand for: which record stands for the shop.

Records of different banks with the same plain name and plain address are one shop. Within one bank
two records are two shops, for a bank numbers its own shops: the first of one bank is the first of
the other. A person's answer (topic ``same_shop``, about two merchant keys joined by ``|``, the
smaller first) joins any two, or keeps two apart, and the newest answer goes before older ones.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

import pandas as pd

from domain.states import ELSEWHERE
from domain.visitors import Visitor
from loaders.comparing import duplicates
from loaders.reading.cell_parsing import plain
from store.ledger import Entry, Ledger

TOPIC = "same_shop"

Answers = Mapping[str, Entry]


def subject(first: str, second: str) -> str:
    """What an answer about two merchants is about."""
    return "|".join(sorted((first, second)))


def answer(ledger: Ledger, pairs: Collection[tuple[str, str]], same: bool, by: Visitor) -> None:
    """Write down whether the two merchants of each pair are one and the same shop."""
    ledger.write_all(TOPIC, {subject(*pair): {"same": same} for pair in pairs}, by)


def doubtful(merchants: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    """Pairs of merchants that seem to be one shop, of which nobody has said whether they are.

    The columns of `duplicates.COLUMNS`; key and other_key are merchant keys, the smaller first.
    Those that the rule or a person took for one shop (the same shop_key) are left out, and records
    that are not in this city.
    """
    whose = merchants["merchant_key"].str.partition("/")
    asked = merchants.assign(operator_id=whose[0], merchant_id=whose[2])
    asked = asked[asked["method"].ne(ELSEWHERE).fillna(True).astype(bool)]
    asked = asked.sort_values("merchant_key", ignore_index=True)
    pairs = duplicates.found(asked, merchants.head(0))
    shop = merchants.set_index("merchant_key")["shop_key"]
    pairs = pairs[pairs["key"].map(shop).to_numpy() != pairs["other_key"].map(shop).to_numpy()]
    asked_of = zip(pairs["key"], pairs["other_key"], strict=True)
    unanswered: pd.DataFrame = pairs.loc[[subject(*pair) not in answers for pair in asked_of]]
    return unanswered


def shop_keys(merchants: pd.DataFrame, answers: Answers) -> pd.Series:
    """Key that stands for the shop of each of `merchants`: the smallest of its records.

    `merchants` has merchant_key, operator_id, name and address; the index is kept.
    """
    key = merchants["merchant_key"]
    label = _ruled(merchants)
    stands = key.groupby(label).transform("min")
    told = [(one.id, *pair, one.body["same"]) for pair, one in _known(answers, key)]
    if not told:
        return stands
    asked = set(label[key.isin({name for _, *pair, _ in told for name in pair})])
    part = label.isin(asked)
    rows = pd.DataFrame({"key": key[part], "label": label[part]}).sort_values("key")
    stands[part] = key[part].map(_joined(rows, told))
    return stands


def _ruled(merchants: pd.DataFrame) -> pd.Series:
    """One label for the records that the rule takes for one shop."""
    label = merchants["merchant_key"].astype(object)
    name = merchants["name"].map(plain, na_action="ignore")
    several = merchants[name.duplicated(keep=False)]  # addresses are long: only where it matters
    said = duplicates.name_address(several)
    alike = said.notna() & said.duplicated(keep=False)
    if not alike.any():
        return label
    rows = several[alike].sort_values("merchant_key")
    rows = rows.assign(said=said[rows.index], bank=rows["operator_id"].fillna("-"))
    nth = rows.groupby(["said", "bank"]).cumcount()
    label.loc[rows.index] = rows["said"] + "|" + nth.astype(str)
    return label


def _known(answers: Answers, key: pd.Series) -> Iterable[tuple[list[str], Entry]]:
    """Answers about two merchants that are both on record, the newest first."""
    pairs = [(one.split("|"), entry) for one, entry in answers.items()]
    named = pd.Index([name for pair, _ in pairs for name in pair])
    here = set(key[key.isin(named)])
    known = [(pair, entry) for pair, entry in pairs if set(pair) <= here]
    return sorted(known, key=lambda one: -one[1].id)


def _joined(rows: pd.DataFrame, told: list[tuple[int, str, str, bool]]) -> dict[str, str]:
    """The smallest key of each record's shop: union of all that is joined and not kept apart.

    People's answers come first, then the rule, record by record; what would bring together two
    that a person keeps apart is left undone.
    """
    members = {key: {key} for key in rows["key"]}
    apart = {frozenset((first, second)) for _, first, second, same in told if not same}
    joins = [(first, second) for _, first, second, same in told if same]
    for _, alike in rows.groupby("label")["key"]:
        joins += combinations(alike, 2)
    for first, second in joins:
        mine, other = members[first], members[second]
        if mine is other or any(frozenset((a, b)) in apart for a in mine for b in other):
            continue
        together = mine | other
        members.update(dict.fromkeys(together, together))
    return {key: min(group) for key, group in members.items()}
