"""Download one file over HTTP: with limits, and going on where an earlier attempt broke off."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from customer_insight.data.errors import DataSetError

if TYPE_CHECKING:
    import requests

LARGEST_DOWNLOAD = 200 * 2**20
MOST_REDIRECTS = 5
_PIECE = 2**16
_REDIRECTS = (301, 302, 303, 307, 308)
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True)
class ResumingDownloader:
    """A downloader for pooch that keeps what arrived in a ``.part`` file and goes on from it.

    Parameters
    ----------
    part : pathlib.Path
        Where the bytes gather. It stays if the connection breaks off, and only then.
    timeout : float
        Seconds without a byte after which the server counts as stalled.
    progress : bool
        Show a bar on standard error.
    """

    part: Path
    timeout: float
    progress: bool

    def __call__(self, url: str, output_file: Any, pooch: Any) -> None:
        """Download ``url`` and move the whole file to ``output_file``."""
        download(url, self.part, timeout=self.timeout, progress=self.progress)
        self.part.replace(output_file)


def download(address: str, part: Path, *, timeout: float = 30.0, progress: bool = True) -> None:
    """Download a file; what ``part`` already holds is not asked for again.

    A server that cannot continue a download is taken from the start. Whether the pieces belong
    together is decided later, by the content of the table.

    Parameters
    ----------
    address : str
        Begins with http:// or https://, as must every address that it redirects to.
    part : pathlib.Path
        Where the bytes gather.
    timeout : float, default 30.0
        Seconds without a byte after which the server counts as stalled, above 0.
    progress : bool, default True
        Show a bar on standard error.

    Raises
    ------
    DataSetError
        If the server does not answer, stalls, breaks off, refuses, redirects for ever or to another
        kind of address, or the file is larger than 200 MiB. What arrived before a break stays in
        ``part``; it is removed where it could not be continued.
    """
    import requests

    with requests.Session() as session:
        session.headers["Accept-Encoding"] = "identity"
        try:
            with _answer(session, address, part, timeout) as response:
                start, total = _extent(response, address, part)
                _receive(response, part, start, total, progress)
        except requests.RequestException as error:
            raise DataSetError(_broken(error, address, part, timeout)) from None
        except DataSetError:
            part.unlink(missing_ok=True)
            raise


def _answer(
    session: "requests.Session", address: str, part: Path, timeout: float
) -> "requests.Response":
    """Ask for what is not there yet; where the server has nothing beyond it, for everything."""
    start = part.stat().st_size if part.is_file() else 0
    headers = {"Range": f"bytes={start}-"} if start else {}
    response = _follow(session, address, headers, timeout)
    if response.status_code == 416:
        response.close()
        response = _follow(session, address, {}, timeout)
    return response


def _follow(
    session: "requests.Session", address: str, headers: dict[str, str], timeout: float
) -> "requests.Response":
    """Follow redirects one by one, since each may lead anywhere."""
    current = address
    for _ in range(MOST_REDIRECTS + 1):
        _check_address(current, address)
        response = session.get(
            current, headers=headers, timeout=timeout, stream=True, allow_redirects=False
        )
        target = response.headers.get("Location")
        if response.status_code not in _REDIRECTS or not target:
            return response
        response.close()
        current = urljoin(current, target)
    raise DataSetError(
        f"{address} redirects more than {MOST_REDIRECTS} times. The publisher's site is set up "
        "wrongly or asks for a log-in; get the file in a browser and give it with --from FILE."
    )


def _check_address(current: str, first: str) -> None:
    scheme, wanted = urlsplit(current).scheme, urlsplit(first).scheme
    if scheme not in ("http", "https") or (wanted == "https" and scheme != "https"):
        raise DataSetError(
            f"{first} leads to an address that begins with {scheme or 'nothing'}:, and only http "
            "and https are followed, never from https back to http. Nothing was taken from there."
        )


def _extent(response: "requests.Response", address: str, part: Path) -> tuple[int, int | None]:
    """Return where the answer begins and how long the whole file is, if the server says so."""
    if response.status_code == 206:
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != part.stat().st_size:
            raise DataSetError(
                f"{address} continues the download at another place than asked for. What there was "
                "is removed; the same command starts from the beginning."
            )
        start, total = int(match[1]), None if match[2] == "*" else int(match[2])
    elif response.status_code == 200:
        length = response.headers.get("Content-Length", "")
        start, total = 0, int(length) if length.isdecimal() else None
    else:
        raise DataSetError(
            f"{address} answers {response.status_code} {response.reason}. The publisher may have "
            "moved the file; get it in a browser and give it with --from FILE."
        )
    if total is not None:
        _check_size(total, address)
    return start, total


def _check_size(size: int, address: str) -> None:
    if size > LARGEST_DOWNLOAD:
        raise DataSetError(
            f"{address} sends {size:,} bytes or more; at most {LARGEST_DOWNLOAD:,} are taken, and "
            "no data set of the course is that large. It is another file."
        )


def _receive(
    response: "requests.Response", part: Path, start: int, total: int | None, progress: bool
) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    console = Console(stderr=True, force_jupyter=False, quiet=not progress)
    look = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with part.open("ab" if start else "wb") as stream, Progress(*look, console=console) as bar:
        task = bar.add_task(part.stem, total=total, completed=start)
        for piece in response.iter_content(_PIECE):
            _check_size(stream.tell() + len(piece), response.url)
            stream.write(piece)
            bar.advance(task, len(piece))


def _broken(error: Exception, address: str, part: Path, timeout: float) -> str:
    import requests

    size = part.stat().st_size if part.is_file() else 0
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        what = f"{address} sent nothing for {timeout:g} seconds"
    elif isinstance(error, requests.ConnectionError) and not size:
        what = f"{address} cannot be reached (no network, a wrong address, or the server is down)"
    else:
        what = f"The connection to {address} broke off"
    if not size:
        part.unlink(missing_ok=True)
        return f"{what}. Nothing arrived; get the file in a browser and give it with --from FILE."
    return f"{what}. {size:,} bytes are kept in {part}; the same command goes on from there."
