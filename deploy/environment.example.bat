rem Settings of the dashboard on this machine: C:\coverage\environment.bat
set USERPROFILE=C:\coverage
set COVERAGE_STORE=C:\coverage\store
