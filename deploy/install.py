"""Installs the dashboard beside this file, from the wheels that lie there; asks no network."""

import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = HERE / "venv" / ("Scripts" if os.name == "nt" else "bin")


def main() -> int:
    """Make the environment, install, and say how to start; 1 if it cannot be installed."""
    print("正在安装，要几分钟……", flush=True)
    venv.create(HERE / "venv", clear=True, with_pip=True)
    python = BIN / "python"
    done = subprocess.run(
        [python, "-m", "pip", "--isolated", "install", "--quiet", "--disable-pip-version-check",
         "--no-index", "--find-links", HERE / "wheels", "--require-hashes", "--no-deps",
         "--no-compile", "--requirement", HERE / "requirements.txt"],
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull},  # the machine's own places of packages
        check=False,
    )  # fmt: skip
    if done.returncode:
        print(
            f"没有装上。这台机器是 {platform.system()} {platform.machine()}、"
            f"Python {platform.python_version()}；能装在哪些机器上，见“安装说明.txt”"
        )
        return 1
    # Now and on all cores: a service may write nothing here, and would compile at every start.
    subprocess.run(
        [python, "-m", "compileall", "-qq", "-j", "0", "-x", r"[\\/]tests[\\/]",
         HERE / "venv", HERE / "app"],
        check=False,
    )  # fmt: skip
    print(
        f"装好了。装好以后不要移动这个文件夹。\n\n"
        f"启动：       cd {HERE / 'app'}\n"
        f"             {python} -m streamlit run app.py\n"
        f"装入演示数据：{python} -m loaders demo"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
