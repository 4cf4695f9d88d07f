"""What must be kept up: shops of covered venues whose verification runs out soon."""

from dataclasses import replace

import ibis.expr.types as ir
import pandas as pd

from domain import expiring_verification, rules
from queries import attainment
from queries.engine import Engine, engine, remembered
from queries.scope import Scope


@remembered
def running_out(scope: Scope) -> pd.DataFrame:
    """Shops of the scope's covered venues that stop being verified in `upkeep_days`."""
    whole = _of_city(replace(scope, area_id=""))
    return whole[whole["venue_id"].isin(attainment.venues(scope)["venue_id"])].reset_index(
        drop=True
    )


@remembered
def _of_city(scope: Scope) -> pd.DataFrame:
    """The same wherever the venues are: asked once for all areas."""

    def question(data: Engine) -> ir.Table:
        venues = attainment.of_scope(data.venues_on((scope.as_of,)), scope)
        shops, events = data.merchants_on(scope.as_of), data.table("events")
        return expiring_verification.running_out(
            venues, shops, events, scope.as_of, rules.count("upkeep_days")
        )

    return engine(scope.snapshot_id).read(question)
