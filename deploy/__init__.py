"""What an office needs to install the dashboard and to keep it running."""
