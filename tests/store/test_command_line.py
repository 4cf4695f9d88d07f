"""A command that fails says so in Chinese; the trace of a fault of ours is kept in a file."""

import subprocess
import sys

FAULT = """
import sys
from store import command_line
parser = command_line.Parser()
parser.set_defaults(run=lambda options: [][0])
sys.exit(command_line.run(parser, [], lambda options, error: ""))
"""


def test_a_fault_of_a_command_is_a_sentence_with_a_code_that_the_log_has(tmp_path, use_store):
    use_store(tmp_path / "new" / "store")
    command = [sys.executable, "-c", FAULT]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    code = done.stderr.partition("错误代码 ")[2][:6]
    assert "Traceback" not in done.stderr and "IndexError" not in done.stderr
    logged = (tmp_path / "new" / "store" / "errors.log").read_text("utf-8")
    assert code in logged and "IndexError" in logged
