@echo off
rem Runs Python of the version in use, with the settings of this machine.
call C:\coverage\environment.bat
cd /d C:\coverage\current\app
..\venv\Scripts\python %*
