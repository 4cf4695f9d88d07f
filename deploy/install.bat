@echo off
rem Installs the dashboard from this folder without internet.
py -3 "%~dp0install.py"
pause
