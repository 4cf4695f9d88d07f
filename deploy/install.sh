#!/bin/sh
# Installs the dashboard from this folder without internet. PYTHON names another Python.
exec "${PYTHON:-python3}" "$(dirname "$0")/install.py"
