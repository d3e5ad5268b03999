"""The errors that data sets raise: all of them ValueErrors, so that one `except` catches them."""


class CatalogError(ValueError):
    """The catalogue of data sets does not say what it must, or says something unknown."""


class DataSetError(ValueError):
    """A data set cannot be had as it was published: unknown, altered, or refused."""


class DataSetMissingError(DataSetError):
    """A data set is in none of the places where it is looked for."""
