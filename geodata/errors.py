"""Errors a user can act on: each names what is wrong, where, and the remedy."""

from geodata.i18n import text


class GeodataError(ValueError):
    """A fault in what the user gave, with its message in the catalogue.

    Parameters
    ----------
    key : str
        Key of the message in the catalogue.
    **params : object
        Values of the message's ``{params}``.
    """

    def __init__(self, key: str, /, **params: object) -> None:
        self.key = key
        self.params = params
        super().__init__(text(key, "en", **params))

    def again(self) -> "GeodataError":
        """Return the same fault without its traceback, whose frames hold what was read so far.

        Returns
        -------
        GeodataError
            A new error with the same key and values.
        """
        return type(self)(self.key, **self.params)

    def text(self, lang: str) -> str:
        """Return the message in a language.

        Parameters
        ----------
        lang : {'en', 'fr'}
            Language of the message.

        Returns
        -------
        str
            What is wrong, where, and the remedy.
        """
        return text(self.key, lang, **self.params)


class UnknownIdError(GeodataError):
    """An id that the network does not hold, with the nearest ids that it does."""
