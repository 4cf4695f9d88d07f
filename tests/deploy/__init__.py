"""The archive for an office without internet, and what keeps the dashboard running there."""
