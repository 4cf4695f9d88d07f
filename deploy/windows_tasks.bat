@echo off
rem Registers the dashboard and its daily backup with the task scheduler. Run as administrator.
rem A program of its own cannot be a Windows service, and whatever makes it one is a download; the
rem scheduler is there. The account is LOCAL SERVICE (S-1-5-19): it may read, and write data only.
mkdir C:\coverage\store C:\coverage\backups C:\coverage\.streamlit 2>nul
icacls C:\coverage /inheritance:r /grant *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-5-19:(OI)(CI)RX
icacls C:\coverage\store /grant *S-1-5-19:(OI)(CI)M
icacls C:\coverage\backups /grant *S-1-5-19:(OI)(CI)M
if not exist C:\coverage\environment.bat copy "%~dp0environment.example.bat" C:\coverage\environment.bat
schtasks /Create /F /TN coverage\dashboard /XML "%~dp0windows_dashboard.xml"
schtasks /Create /F /TN coverage\backup /XML "%~dp0windows_backup.xml"
schtasks /Run /TN coverage\dashboard
pause
