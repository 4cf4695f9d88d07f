"""The OpenAPI document and its page: each column explained, nothing from outside."""

import json
import re

from api.openapi_document import DOCUMENT
from api.resources import RESOURCES


def test_every_column_has_a_name_a_meaning_and_a_type():
    for resource in RESOURCES:
        for name, column in resource.columns.items():
            schema = column.schema()
            assert column.title and column.meaning and schema["type"], name
            assert re.search("[\u4e00-\u9fff]", schema["description"]), name


def test_every_reference_in_the_document_leads_somewhere():
    text = json.dumps(DOCUMENT)
    for path in set(re.findall(r'"#/([^"]+)"', text)):
        found = DOCUMENT
        for step in path.split("/"):
            found = found[step]


def test_the_document_and_its_page_need_no_token(interface):
    answer = interface.ask("openapi.json", token="")
    assert (answer.status, answer.json) == (200, json.loads(json.dumps(DOCUMENT)))
    assert interface.ask("docs", token="").status == 200


def test_the_page_tells_every_resource_parameter_and_column_and_asks_for_nothing_else(interface):
    page = interface.ask("docs", token="").body.decode()
    for resource in RESOURCES:
        assert f"/api/v1/{resource.path}" in page and resource.title in page
        for name in (*resource.columns, *resource.parameters):
            assert f"<code>{name}</code>" in page
    assert re.findall(r"(?:src|@import|url\()", page) == []
    assert re.findall(r'href="([^"#]*)"', page)[0] == "openapi.json"
    assert "<script" not in page
