"""Errors of a whole file, a request or the store.

A wrong row is data and becomes a reject; a wrong file raises one of these. Messages are for the
office: plain Chinese, with the value and what to do.
"""


class IntakeError(ValueError):
    """A file or a request that cannot be imported; nothing has been published.

    `option` is what a command line takes to settle it, where there is such an option: the message
    itself is for pages too.
    """

    def __init__(self, message: str, option: str = "") -> None:
        super().__init__(message)
        self.option = option


class FileUnreadableError(IntakeError):
    """The file is missing, corrupt or not a table at all."""


class EncodingError(FileUnreadableError):
    """The text file is neither UTF-8 nor GBK."""


class ProtectedFileError(FileUnreadableError):
    """The workbook is locked with a password."""


class EmptyFileError(IntakeError):
    """The file, or its table, has no data."""


class HeaderError(IntakeError):
    """The header row is missing, or a header is ambiguous."""


class MissingColumnError(HeaderError):
    """A column that the kind requires is missing."""


class UnsureKindError(HeaderError):
    """The headers do not tell the kind of file."""


class MissingCrsError(IntakeError):
    """The file has points, but their coordinate system was not stated."""


class StoreError(IntakeError):
    """The store does not have what was requested, or cannot be used."""


class LedgerError(IntakeError):
    """The ledger of decisions cannot be read or written; nothing was saved."""


class NotAllowedError(IntakeError):
    """The visitor's role does not have the right to what was asked; nothing was done."""


class StaleError(IntakeError):
    """Someone published or decided since it was looked at: what was to be done is outdated."""


class UnconfirmedError(IntakeError):
    """A person has to confirm the meaning of the file before it can be imported."""
