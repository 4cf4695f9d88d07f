"""What can be wrong with a whole file, a request or the store.

A wrong row is data and ends up among the rejects; a wrong file raises one of these. Messages are
for the office: plain Chinese, quoting what was found and saying what to do.
"""


class IntakeError(ValueError):
    """A file or a request that cannot be taken in; nothing has been published."""


class FileUnreadableError(IntakeError):
    """The file is missing, corrupt or not a table at all."""


class EncodingError(FileUnreadableError):
    """The text file is neither UTF-8 nor GBK."""


class ProtectedFileError(FileUnreadableError):
    """The workbook is locked with a password."""


class EmptyFileError(IntakeError):
    """The file, or its table, has no data."""


class HeaderError(IntakeError):
    """The header row is missing, or a header cannot be understood in one way only."""


class MissingColumnError(HeaderError):
    """A column that the kind requires is not there."""


class UnsureKindError(HeaderError):
    """The headers do not say which kind of file this is."""


class MissingCrsError(IntakeError):
    """The file has points but nobody said in which coordinate system."""


class StoreError(IntakeError):
    """The store does not hold what was asked for, or cannot be used."""


class LedgerError(IntakeError):
    """The ledger of decisions cannot be read or written; nothing was saved."""


class StaleError(IntakeError):
    """Someone else published after the files were assessed; what was shown no longer holds."""


class UnconfirmedError(IntakeError):
    """A person has to say what the file means before it can be taken in."""
