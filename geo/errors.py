"""What can be wrong with something that is drawn or uploaded; the message quotes it."""


class OutlineError(ValueError):
    """An outline that cannot be used; the message quotes it and says what to do."""
