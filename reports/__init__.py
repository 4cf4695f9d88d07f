"""Figures and tables that leave the dashboard, and the reports command."""
