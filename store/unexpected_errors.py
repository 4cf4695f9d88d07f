"""Errors without a name: a sentence with a short code, and the trace in the log under that code."""

import hashlib
import logging
import traceback

_CODE = 6  # letters and digits
_log = logging.getLogger(__name__)


def told(error: BaseException) -> str:
    """What is said of `error`, whose trace is logged; one error has one code."""
    trace = "".join(traceback.format_exception(error))
    code = hashlib.sha256(trace.encode("utf-8", "replace")).hexdigest()[:_CODE].upper()
    _log.error("%s\n%s", code, trace)
    return (
        f"程序出错，这一步没有做完（错误代码 {code}）。请再试一次；还是这样，"
        "请把错误代码和刚才的操作告诉维护人员，日志里按代码记着详情。"
    )
