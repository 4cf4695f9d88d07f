"""The OpenAPI document as a page to read: one piece of HTML that asks for nothing else."""

from typing import Any

from jinja2 import Environment

_PAGE = """\
<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>{{ document.info.title }}</title>
<style>
body { font: 15px/1.6 sans-serif; max-width: 1000px; margin: 2em auto; padding: 0 1em; color: #222 }
pre, code { font-family: monospace; background: #f3f5f7 }
pre { padding: .6em; overflow-x: auto }
table { border-collapse: collapse; width: 100%; margin: .5em 0 1em }
th, td { border: 1px solid #d5dbe1; padding: .25em .5em; text-align: left; vertical-align: top }
th { background: #f3f5f7 }
.about { white-space: pre-line }
</style>
<h1>{{ document.info.title }}</h1>
<p class="about">{{ document.info.description }}</p>
<p>供程序读的同一份说明：<a href="openapi.json">openapi.json</a></p>
<pre>curl -H "Authorization: Bearer 令牌" "http://看板地址{{ root }}/coverage?basis=verified"</pre>
<ul>
{% for path, one in operations %}
<li><a href="#{{ one.operationId }}"><code>{{ root }}{{ path }}</code></a> {{ one.summary }}</li>
{% endfor %}
</ul>
{% for path, one in operations %}
<h2 id="{{ one.operationId }}">{{ one.summary }}</h2>
<p><code>GET {{ root }}{{ path }}</code></p>
<p>{{ one.description }}</p>
<table>
<tr><th>参数</th><th>说明</th><th>可以写</th><th>不写时</th></tr>
{% for parameter in one.parameters if "schema" in parameter %}
{% set schema = parameter.schema %}
<tr>
<td><code>{{ parameter.name }}</code></td>
<td>{{ parameter.description }}</td>
<td>{% if schema.enum %}{{ schema.enum | join("、") }}
{% elif schema.maximum %}{{ schema.minimum }} 到 {{ schema.maximum }}{% endif %}</td>
<td>{{ schema.default }}</td>
</tr>
{% endfor %}
</table>
<table>
<tr><th>列</th><th>名称</th><th>含义</th></tr>
{% for name, column in document.components.schemas[one.operationId].properties.items() %}
<tr>
<td><code>{{ name }}</code></td><td>{{ column.title }}</td><td>{{ column.description }}</td>
</tr>
{% endfor %}
</table>
{% endfor %}
<h2>状态码</h2>
<table>
{% for status, answer in document.components.responses.items() %}
<tr><td>{{ status }}</td><td>{{ answer.description }}</td></tr>
{% endfor %}
</table>
</html>
"""
_template = Environment(autoescape=True).from_string(_PAGE)


def page(document: dict[str, Any]) -> str:
    """The page of an OpenAPI `document` whose operations all read."""
    operations = [(path, item["get"]) for path, item in document["paths"].items()]
    root = document["servers"][0]["url"]
    return _template.render(document=document, operations=operations, root=root)
