"""Who is who: people and tokens of the API, as the office wrote them down in the ledger.

The last entry of a login or a token is in force; one that takes it away says so.
"""

import hashlib
import secrets
from typing import Any

from domain import reference
from domain.visitors import OF_UNITS, ROLES, Role, Visitor
from store.errors import IntakeError
from store.ledger import Entry, Ledger

_TOKEN = "ecny_"  # begins every token, so that a leaked one is recognised


def units(role: Role) -> dict[str, str]:
    """Ids of the units that visitors of a role can belong to, with their names; none for some."""
    if role == "county":
        counties = reference.labels("counties", "county_code", "name")
        return counties | reference.labels("zones", "zone_id", "name")
    if role == "department":
        return reference.labels("units", "unit_id", "unit")
    if role == "bank":
        return reference.labels("operators", "operator_id", "operator")
    return {}


def people(ledger: Ledger) -> dict[str, Entry]:
    """The last entry of every login, in force or not."""
    return ledger.latest("person")


def tokens(ledger: Ledger) -> dict[str, Entry]:
    """The last entry of every token of the API, in force or not, by its SHA-256."""
    return ledger.latest("token")


def enrol(ledger: Ledger, who: Visitor, by: Visitor) -> None:
    """Write down who signs in as `who.login`.

    Raises `IntakeError` where something is missing or unknown.
    """
    if not who.login.strip():
        raise IntakeError("没有填登录名，没有保存。登录名要与统一登录里的一致")
    ledger.write("person", who.login.strip(), _described(who), by)


def dismiss(ledger: Ledger, login: str, by: Visitor) -> None:
    """Shut `login` out; whoever claims it is nobody from then on."""
    ledger.write("person", login, {"role": None}, by)


def issue(ledger: Ledger, who: Visitor, by: Visitor) -> str:
    """A new token of the API for `who`; it is kept nowhere but as its SHA-256: show it once."""
    token = _TOKEN + secrets.token_urlsafe(32)
    ledger.write("token", digest(token), _described(who), by)
    return token


def digest(token: str) -> str:
    """The SHA-256 of a token, under which it is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def revoke(ledger: Ledger, token: str, by: Visitor) -> None:
    """Take a token back, by its SHA-256."""
    ledger.write("token", token, {"role": None}, by)


def by_login(ledger: Ledger, login: str, address: str = "") -> Visitor | None:
    """The visitor that signs in as `login`; None for one whom nobody enrolled, or who is shut out.

    Raises `LedgerError` if the ledger cannot be read.
    """
    return _visitor(ledger.last("person", login), login, address)


def shut_out(ledger: Ledger, login: str) -> bool:
    """Whether the office has taken `login` away, whatever its provider claims."""
    entry = ledger.last("person", login)
    return entry is not None and entry.body["role"] is None


def by_token(ledger: Ledger, token: str, address: str = "") -> Visitor | None:
    """The visitor that a token of the API stands for; None for one that is not in force."""
    key = digest(token)
    return _visitor(ledger.last("token", key), f"token:{key[:8]}", address)


def claimed(name: str, role: str, unit: str, login: str, address: str = "") -> Visitor | None:
    """The visitor whom the provider's claims describe; None where they name no role or unit."""
    known: dict[str, Role] = {role: role for role in ROLES}
    known |= {label: role for role, label in ROLES.items()}
    found = known.get(role)
    if found is None:
        return None
    of_role = units(found)
    ids = {text: text for text in of_role} | {label: key for key, label in of_role.items()}
    if found in OF_UNITS and unit not in ids:
        return None
    return Visitor(name or login, found, ids.get(unit, ""), login, address)


def _described(who: Visitor) -> dict[str, Any]:
    if not who.name.strip():
        raise IntakeError("没有填姓名，没有保存")
    if who.role in OF_UNITS and who.unit not in units(who.role):
        raise IntakeError(f"没有选“{ROLES[who.role]}”的单位，没有保存")
    unit = who.unit if who.role in OF_UNITS else ""
    return {"name": who.name.strip(), "role": who.role, "unit": unit}


def _visitor(entry: Entry | None, login: str, address: str) -> Visitor | None:
    if entry is None or entry.body["role"] is None:
        return None
    body = entry.body
    return Visitor(body["name"], body["role"], body["unit"], login, address)
