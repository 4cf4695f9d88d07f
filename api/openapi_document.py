"""The OpenAPI 3.1 document, made of the resources, their columns and the parameters."""

from typing import Any

from api.answer_formats import FORMATS
from api.problems import MEDIA, TITLES
from api.questions import PARAMETERS
from api.resources import RESOURCES, Resource
from domain.city import CITY

BASE = "/api"
ROOT = f"{BASE}/v1"
_ABOUT = """\
看板各页的数，供程序读取；同一个问题，这里的数和页面上的一样。

- 令牌由领导小组办公室发给，写在请求头里：Authorization: Bearer 令牌。
- 汇总数人人一样；有名称的记录，只给令牌的单位看得到的。
- 不知道的是 null，不当作零。率是 0 到 1 的小数，不取整。
- 一次给一页，next（和响应头 Link）是下一页的地址，最后一页没有。
- 格式用 ?format= 或请求头 Accept 选：JSON、CSV；有位置的还有 GeoJSON（WGS-84），QGIS 可以打开。
- CSV 是 UTF-8，带 BOM，末列 stamp 是出处；会被当作公式的文字，前面加一个单引号。
- 每个答复有 ETag，下次写在 If-None-Match 里，没有变的答 304。
- 出错时答 application/problem+json，detail 说明哪里不对、怎么改。"""
_ERRORS = (400, 401, 404, 406, 500, 503)
_PAGE = {
    "stamp": {"type": "string", "description": "出处：口径、截止日、数据版本、规则、范围"},
    "snapshot_id": {"type": "string", "description": "数据版本的编号"},
    "as_of": {"type": "string", "format": "date", "description": "截止日"},
    "demo": {"type": "boolean", "description": "是否演示数据，不是真实数据"},
    "page": {"type": "integer", "minimum": 1, "description": "第几页"},
    "size": {"type": "integer", "minimum": 1, "description": "一页几行"},
    "total": {"type": "integer", "minimum": 0, "description": "一共几行"},
    "next": {"type": ["string", "null"], "description": "下一页的地址；最后一页是 null"},
}
_PROBLEM = {
    "type": {"type": "string"},
    "title": {"type": "string", "description": "哪一种问题"},
    "status": {"type": "integer", "description": "状态码"},
    "detail": {"type": "string", "description": "哪里不对，怎么改"},
}
_GEOMETRY = {
    "description": "图形（GeoJSON，WGS-84）；没有位置的是 null",
    "type": ["object", "null"],
    "properties": {"type": {"type": "string"}, "coordinates": {"type": "array"}},
}


def _object(properties: dict[str, Any], about: str = "") -> dict[str, Any]:
    """A schema of an object that has these properties, all of them, and no other."""
    schema = {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }
    return schema | {"description": about} if about else schema


def _rows(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _name(resource: Resource) -> str:
    return resource.path.replace("/", "_")


def _answers(resource: Resource) -> dict[str, Any]:
    """The schema of each form that an answer may have, by its media type."""
    row = _reference("schemas", _name(resource))
    feature = _object({"type": {"const": "Feature"}, "geometry": _GEOMETRY, "properties": row})
    schemas = {
        "json": _object(_PAGE | {"items": _rows(row)}),
        "csv": {"type": "string", "description": "第一行是列名，列与 JSON 的相同，末列是 stamp"},
        "geojson": _object(
            {"type": {"const": "FeatureCollection"}} | _PAGE | {"features": _rows(feature)}
        ),
    }
    return {FORMATS[form]: {"schema": schemas[form]} for form in resource.forms}


def _parameter(resource: Resource, name: str) -> dict[str, Any]:
    schema = {key: value for key, value in PARAMETERS[name].items() if key != "description"}
    if name == "format":
        schema["enum"] = [*resource.forms]
    about = PARAMETERS[name]["description"]
    return {"name": name, "in": "query", "description": about, "schema": schema}


def _operation(resource: Resource) -> dict[str, Any]:
    problems = {str(status): _reference("responses", str(status)) for status in _ERRORS}
    return {
        "operationId": _name(resource),
        "summary": resource.title,
        "description": resource.about,
        "parameters": [
            *(_parameter(resource, name) for name in resource.parameters),
            _reference("parameters", "if_none_match"),
        ],
        "responses": {
            "200": {
                "description": "一页",
                "headers": {name: _reference("headers", name) for name in ("ETag", "Link")},
                "content": _answers(resource),
            },
            "304": {"description": "与 If-None-Match 所说的一样，没有变"},
            **problems,
        },
    }


def _problem(status: int) -> dict[str, Any]:
    headers = {"WWW-Authenticate": _reference("headers", "WWW-Authenticate")}
    return {
        "description": TITLES[status],
        "content": {MEDIA: {"schema": _reference("schemas", "problem")}},
        **({"headers": headers} if status == 401 else {}),
    }


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": f"{CITY.dashboard}数据接口", "version": "1", "description": _ABOUT},
    "servers": [{"url": ROOT}],
    "security": [{"token": []}],
    "paths": {f"/{one.path}": {"get": _operation(one)} for one in RESOURCES},
    "components": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "办公室发给的令牌"}
        },
        "parameters": {
            "if_none_match": {
                "name": "If-None-Match",
                "in": "header",
                "description": "上次答复的 ETag",
                "schema": {"type": "string"},
            }
        },
        "headers": {
            "ETag": {
                "description": "内容、问题和权限都一样的，ETag 也一样",
                "required": True,
                "schema": {"type": "string"},
            },
            "Link": {"description": "下一页的地址（rel=next）", "schema": {"type": "string"}},
            "WWW-Authenticate": {
                "description": "要用什么办法登录",
                "required": True,
                "schema": {"type": "string"},
            },
        },
        "responses": {str(status): _problem(status) for status in _ERRORS},
        "schemas": {
            "problem": _object(_PROBLEM, "哪里不对"),
            **{
                _name(one): _object(
                    {name: column.schema() for name, column in one.columns.items()}, one.title
                )
                for one in RESOURCES
            },
        },
    },
}
"""The document, as it is served."""
