"""The demo's scenario ledger (场景台账): links of hospitals, campuses and the like, and the rest.

One row an instance, in the columns of `shops` with scenario_no, unit and venue (row of the
register, -1 where it belongs to none). Only what was signed is in the ledger.
"""

import numpy as np
import pandas as pd

from demo import lifecycles, street_places
from demo.invented_shops import LAST_SIGNING
from demo.lifecycles import ASLEEP, KEPT, SIGNED
from demo.venue_list import IDLE, LAPSED
from domain.reference import table

CARRIERS = ("机构型", "线路型", "线上型", "业务型")  # the others are counted as merchants or venues
UNTRIED = 0.2  # of the scenario kinds nobody has signed yet
MOST = 16  # instances of a kind
OFFICE = "市地方金融监管局"  # leads where the task list names nobody


def instances(
    rng: np.random.Generator, venues: pd.DataFrame, streets: pd.DataFrame
) -> pd.DataFrame:
    """The ledger: the live links of `venues` and other instances all over the city."""
    frame = pd.concat([_links(rng, venues), _others(rng, streets)], ignore_index=True)
    leads = table("tasks").assign(scenario_id=lambda t: t["scenario_ids"].str.split(";"))
    leads = leads.explode("scenario_id").drop_duplicates("scenario_id").set_index("scenario_id")
    unit = frame["owner"].fillna(frame["scenario_id"].map(leads["lead_unit"])).fillna(OFFICE)
    n = len(frame)
    online = frame["scenario_id"].map(table("scenarios").set_index("scenario_id")["carrier"])
    return frame.assign(
        scenario_no=[f"C{i:05d}" for i in range(1, n + 1)],
        unit=unit,
        operator_id=street_places.banks(rng, n),
        listed_on=frame["signed_on"],
        pays=np.where(online == "线上型", 1.0, rng.beta(8, 1.5, n)),
        rounds=rng.integers(110, 165, n),
    )


def _links(rng: np.random.Generator, venues: pd.DataFrame) -> pd.DataFrame:
    """Signed links of the venues that links cover: `kept` of each are live."""
    started = venues[venues["by_links"] & (venues["progress"] != IDLE)]
    rows = started.assign(venue=started.index, scenario_id=started["links"].str.split(";"))
    rows = rows.explode("scenario_id", ignore_index=True)
    rank = rows.groupby("venue").cumcount()
    live = rank < rows["kept"]
    rows["fate"] = np.select([~live, rows["progress"] == LAPSED], [SIGNED, ASLEEP], KEPT)
    signed_on = rows["start_on"].to_numpy() + rng.integers(0, 80, len(rows)).astype("m8[D]")
    rows["signed_on"] = np.minimum(signed_on, LAST_SIGNING).astype("datetime64[s]")
    tried = live | (rng.random(len(rows)) < 0.5)
    rows["name"] = rows["name"] + rows["scenario_id"].map(_scenarios())
    columns = ["scenario_id", "name", "owner", "venue", "town", "road", "number", "lon", "lat"]
    return rows.loc[tried, [*columns, "fate", "signed_on"]]


def _others(rng: np.random.Generator, streets: pd.DataFrame) -> pd.DataFrame:
    """Instances outside the venues, of most kinds of scenario."""
    kinds = table("scenarios")
    linked = ";".join(table("venue_kinds")["links"]).split(";")
    kinds = kinds[kinds["carrier"].isin(CARRIERS) & ~kinds["scenario_id"].isin(linked)]
    count = np.where(rng.random(len(kinds)) < UNTRIED, 0, rng.integers(1, MOST, len(kinds)))
    rows = kinds.loc[kinds.index.repeat(count), ["scenario_id", "scenario"]]
    rows = rows.reset_index(drop=True)
    towns = street_places.towns()
    weight = towns["weight"].to_numpy()[streets["town"]]
    drawn = streets.iloc[rng.choice(len(streets), len(rows), p=weight / weight.sum())]
    drawn = drawn.reset_index(drop=True)
    area = towns["area_id"].iloc[drawn["town"]]
    delay = area.map(street_places.facts("areas").set_index("area_id")["delay_months"]).to_numpy()
    batch = rows.groupby("scenario_id").cumcount() + 1
    short = towns["short"].to_numpy()[drawn["town"]].astype(object)
    return pd.DataFrame(
        {
            "scenario_id": rows["scenario_id"],
            "name": short + rows["scenario"] + "第" + batch.astype(str) + "期",
            "venue": -1,
            "town": drawn["town"],
            "road": drawn["road"],
            **street_places.doors(rng, drawn),
            "fate": rng.choice([KEPT, ASLEEP, SIGNED], len(rows), p=[0.7, 0.2, 0.1]),
            "signed_on": lifecycles.signing_days(rng, delay).astype("datetime64[s]"),
        }
    )


def _scenarios() -> dict[str, str]:
    frame = table("scenarios")
    return dict(zip(frame["scenario_id"], frame["scenario"], strict=True))
