"""The tree of errors and its codes."""

import photostyle
import photostyle_protocol
from photostyle_protocol import errors


def test_every_error_comes_back_from_its_code() -> None:
    tree = errors._tree(errors.PhotostyleError)
    classes = [v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, errors.PhotostyleError)]
    assert len(tree) == len(classes), "two errors share a code"
    for code, cls in tree.items():
        error = errors.error_from_code(code, "what", "do this")
        assert (type(error), error.message, error.hint, str(error)) == (cls, "what", "do this", "what do this")


def test_what_a_client_derives_stays_with_it() -> None:
    class OwnError(errors.PhotostyleError):
        code = "own"

    assert type(errors.error_from_code("own", "what")) is errors.PhotostyleError


def test_an_unknown_code_is_an_error_all_the_same() -> None:
    assert type(errors.error_from_code("from the future", "what")) is errors.PhotostyleError


def test_both_packages_have_one_version() -> None:
    assert photostyle.__version__ == photostyle_protocol.__version__
