"""Shops that several records list: counted once; people answer which records are one shop."""

from itertools import combinations

import pandas as pd
import streamlit as st

from loaders.comparing import duplicates
from loaders.decisions import same_shops
from presentation import labels
from queries import data_quality, shop_records
from queries.engine import engine, remembered
from queries.scope import Scope
from store.ledger import Entry
from ui import page_downloads, page_tables, selection, session
from ui.session import nobody

SHOP_COLUMNS = ["name", "banks", "records", "state_label", "counted_in", "address"]
PAIR_COLUMNS = [
    "how_label", "name", "operator", "address", "other_name", "other_operator", "other_address",
    "distance_m",
]  # fmt: skip
SHOWN = 500  # pairs on one screen; the rest follows when these are answered
_STAGES = ("active", "verified", "opened", "contracted")


def shops(scope: Scope, names: dict[str, str]) -> pd.DataFrame:
    """Shops of the scope that several records list, one row each; `names` are those of venues."""
    listed = data_quality.listed_again(scope)
    records = labels.with_names(selection.within(listed, scope, "area_id", "field_id"))
    stage = records["state"].map({stage: place for place, stage in enumerate(_STAGES)})
    best = records.assign(stage=stage.fillna(len(_STAGES))).sort_values(["shop", "stage"])
    frame = records.groupby("shop", as_index=False).agg(
        name=("name", "first"),
        address=("address", "first"),
        banks=("operator", lambda banks: "、".join(dict.fromkeys(banks))),
        records=("merchant_key", "size"),
        keys=("merchant_key", list),
        venue_id=("venue_id", "first"),
    )
    furthest = best.drop_duplicates("shop").set_index("shop")["state"]
    return frame.assign(
        state_label=frame["shop"].map(furthest).map(labels.STATE_LABELS),
        counted_in=frame["venue_id"].map(names).fillna("不在名录场所内"),
    )


def listed_again(scope: Scope, names: dict[str, str]) -> None:
    """The shops that count once, and the button that takes one apart again."""
    found = shops(scope, names)
    st.markdown(f"**重复门店**：{len(found):,} 家由几条记录报送，各算一家。")
    st.caption(
        "不同银行报的名称、地址都相同的，算同一家；任何一条记录已验证，这家就算已验证。"
        "同一家银行自己的几条记录各算一家，除非有人答复是同一家。各银行自己的数仍按自己的记录算。"
    )
    chosen = page_tables.pick(found, SHOP_COLUMNS, "重复门店", "register_again", rows=8)
    page_downloads.tables(
        "下载重复门店",
        {"重复门店": (found, SHOP_COLUMNS)},
        f"重复门店_{scope.as_of}",
        session.stamp(scope),
    )
    if len(found) and st.button("选中的不是同一家，分开算", disabled=chosen is None or nobody()):
        keys = found["keys"].iloc[chosen or 0]
        _answer(list(combinations(keys, 2)), same=False)


@remembered
def _doubtful(snapshot_id: str, _ledger_version: int) -> pd.DataFrame:
    """Pairs that nobody has answered at a version of the ledger, with the first one's place."""
    merchants = engine(snapshot_id).read(lambda data: data.table("merchants"))
    pairs = same_shops.doubtful(merchants, session.ledger().latest(same_shops.TOPIC))
    places = merchants.set_index("merchant_key")[["county_code", "zone_id", "field_id"]]
    return pairs.join(places, on="key")


def doubtful(scope: Scope) -> None:
    """Pairs that seem to be one shop, for a person to answer."""
    found = _doubtful(scope.snapshot_id, session.ledger().version)
    pairs = selection.within(found, scope, "area_id", "field_id")
    st.markdown(f"**疑似重复**：{len(pairs):,} 对，请逐对答复。没有答复的，各算一家。")
    st.caption(
        "几家银行都报同一家店，都报得对，谁也不用删编号：确认是同一家，就只算一家；"
        "各银行自己的数不变。"
    )
    shown = pairs.head(SHOWN).reset_index(drop=True)
    if shown.empty:
        st.success("没有等着答复的。", icon=":material/task_alt:")
        return
    if len(pairs) > SHOWN:
        st.caption(f"先列 {SHOWN} 对，答复以后再列其余的。")
    labelled = shown.assign(
        how_label=shown["how"].map(duplicates.HOW),
        operator=labels.bank_names(shown["operator_id"]),
        other_operator=labels.bank_names(shown["other_operator_id"]),
    )
    picked = page_tables.pick_many(
        labelled, PAIR_COLUMNS, "疑似重复", f"register_pairs_{len(pairs)}"
    )
    chosen = [(shown["key"].iloc[place], shown["other_key"].iloc[place]) for place in picked]
    with st.container(horizontal=True):
        if st.button(f"选中的 {len(chosen)} 对确认是同一家", disabled=not chosen or nobody()):
            _answer(chosen, same=True)
        if st.button(f"选中的 {len(chosen)} 对不是同一家", disabled=not chosen or nobody()):
            _answer(chosen, same=False)


def answered(scope: Scope) -> None:
    """The answers that hold, newest first, and the way to turn one round."""
    held = sorted(session.ledger().latest(same_shops.TOPIC).values(), key=lambda entry: -entry.id)
    if not held:
        return
    pairs = [_pair(entry) for entry in held]
    keys = tuple(sorted({key for pair in pairs for key in pair}))
    named = shop_records.named(scope.snapshot_id, keys)
    names = dict(zip(named["merchant_key"], named["name"], strict=True))
    titles = {key: f"{names[key]}（{key}）" if key in names else key for key in keys}
    frame = pd.DataFrame(
        {
            "subject": [f"{titles[first]} 与 {titles[second]}" for first, second in pairs],
            "answer": ["是同一家" if entry.body["same"] else "不是同一家" for entry in held],
            "by": [entry.by for entry in held],
            "at": [session.clock(entry.at) for entry in held],
        }
    )
    with st.expander(f"已答复的（{len(held)} 对）"):
        columns = ["subject", "answer", "by", "at"]
        key = f"register_answered_{held[0].id}"
        picked = page_tables.pick_many(frame, columns, "已答复的", key)
        if st.button(f"把选中的 {len(picked)} 对改过来", disabled=not picked or nobody()):
            for same in (True, False):
                turned = [pairs[place] for place in picked if held[place].body["same"] != same]
                same_shops.answer(session.ledger(), turned, same, session.visitor())
            st.rerun()


def _pair(entry: Entry) -> tuple[str, str]:
    first, _, second = entry.subject.partition("|")
    return first, second


def _answer(pairs: list[tuple[str, str]], *, same: bool) -> None:
    same_shops.answer(session.ledger(), pairs, same, session.visitor())
    st.rerun()
