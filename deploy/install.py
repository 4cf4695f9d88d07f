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
         "--requirement", HERE / "requirements.txt"],
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull},  # the machine's own places of packages
        check=False,
    )  # fmt: skip
    if done.returncode:
        print(
            f"没有装上。这台机器是 {platform.system()} {platform.machine()}、"
            f"Python {platform.python_version()}；能装在哪些机器上，见“安装说明.txt”"
        )
        return 1
    print(
        f"装好了。装好以后不要移动这个文件夹。\n\n"
        f"启动：       cd {HERE / 'app'}\n"
        f"             {python} -m streamlit run app.py\n"
        f"装入演示数据：{python} -m loaders demo"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
