"""The demo's scenario ledger (场景台账), from ``data/demo/scenarios.csv``: what was signed."""

import numpy as np
import pandas as pd

from demo.lifecycles import ASLEEP, KEPT, SIGNED
from demo.street_places import facts, town_rows

_FATES = {"kept": KEPT, "asleep": ASLEEP, "signed": SIGNED}


def instances() -> pd.DataFrame:
    """One row an instance: ``scenarios.csv``, scenario_no, town and what `lifecycles` needs."""
    frame = facts("scenarios")
    return frame.assign(
        scenario_no=[f"C{i:05d}" for i in range(1, len(frame) + 1)],
        town=town_rows(frame["town_code"]),
        fate=frame["fate"].map(_FATES).astype(np.int8),
        listed_on=frame["signed_on"],
    )
