import pytest

from customer_insight.data import download as download_module
from customer_insight.data.download import download
from customer_insight.data.errors import DataSetError

BODY = bytes(range(256)) * 1000


@pytest.fixture
def part(tmp_path):
    return tmp_path / "tiny.part"


def quietly(server, part, path="/file", timeout=5.0):
    download(server.address + path, part, timeout=timeout, progress=False)


def test_a_file_arrives_whole(server, whole, part):
    server.answers["/file"] = whole(BODY)
    quietly(server, part)
    assert part.read_bytes() == BODY
    assert server.asked == [("/file", None)]


def test_a_broken_download_keeps_what_came_and_goes_on_from_there(server, broken_off, part):
    server.answers["/file"] = broken_off(BODY, 100_000)
    with pytest.raises(DataSetError) as error:
        quietly(server, part)
    kept = part.stat().st_size
    assert 0 < kept <= 100_000
    assert part.read_bytes() == BODY[:kept]
    assert f"broke off. {kept:,} bytes are kept in {part}" in str(error.value)
    assert "the same command goes on from there" in str(error.value)
    quietly(server, part)
    assert part.read_bytes() == BODY
    assert server.asked == [("/file", None), ("/file", f"bytes={kept}-")]


def test_a_server_that_cannot_continue_is_taken_from_the_start(server, part):
    def without_ranges(request):
        request.send_response(200)
        request.send_header("Content-Length", str(len(BODY)))
        request.end_headers()
        request.wfile.write(BODY)

    part.write_bytes(b"something older")
    server.answers["/file"] = without_ranges
    quietly(server, part)
    assert part.read_bytes() == BODY


def test_a_part_that_the_server_has_nothing_beyond_is_taken_anew(server, whole, status, part):
    def complete(request):
        (status(416) if request.headers.get("Range") else whole(BODY))(request)

    part.write_bytes(BODY + b"too much")
    server.answers["/file"] = complete
    quietly(server, part)
    assert part.read_bytes() == BODY


def test_a_server_that_continues_elsewhere_is_refused_and_the_part_removed(server, status, part):
    part.write_bytes(BODY[:10])
    server.answers["/file"] = status(206, Content_Range="bytes 0-99/100", Content_Length="100")
    with pytest.raises(DataSetError, match="continues the download at another place"):
        quietly(server, part)
    assert not part.exists()


def test_redirects_are_followed(server, whole, status, part):
    server.answers |= {
        "/file": status(302, Location="/second"),
        "/second": status(307, Location=f"{server.address}/third"),
        "/third": whole(BODY),
    }
    quietly(server, part)
    assert part.read_bytes() == BODY
    assert [path for path, _ in server.asked] == ["/file", "/second", "/third"]


def test_redirects_for_ever_end(server, status, part):
    server.answers["/file"] = status(301, Location="/file")
    with pytest.raises(DataSetError, match="redirects more than 5 times"):
        quietly(server, part)
    assert len(server.asked) == 6
    assert not part.exists()


@pytest.mark.parametrize("target", ["file:///etc/hosts", "ftp://127.0.0.1/x", "data:text/plain,x"])
def test_a_redirect_to_another_kind_of_address_is_refused(server, status, part, target):
    server.answers["/file"] = status(302, Location=target)
    scheme = target.split(":")[0]
    with pytest.raises(DataSetError, match=f"begins with {scheme}:, and only http and https"):
        quietly(server, part)
    assert not part.exists()


@pytest.mark.parametrize("address", ["file:///etc/hosts", "etc/hosts", "ftp://x/y"])
def test_an_address_of_another_kind_is_refused(part, address):
    with pytest.raises(DataSetError, match="only http and https are followed"):
        download(address, part, progress=False)


def test_a_step_from_https_back_to_http_is_refused():
    with pytest.raises(DataSetError, match="never from https back to http"):
        download_module._check_address("http://x/y", "https://x/y")


@pytest.mark.parametrize("code", [404, 403, 500, 204])
def test_another_status_is_told(server, status, part, code):
    server.answers["/file"] = status(code)
    with pytest.raises(DataSetError, match=f"answers {code} .*--from FILE"):
        quietly(server, part)
    assert not part.exists()


def test_a_server_that_does_not_answer_times_out(server, part):
    server.answers["/file"] = lambda _: server.released.wait()
    with pytest.raises(DataSetError, match=r"sent nothing for 0.2 seconds. Nothing arrived"):
        quietly(server, part, timeout=0.2)
    assert not part.exists()


def test_a_server_that_stalls_midway_times_out_and_the_part_is_kept(server, part):
    def stall(request):
        request.send_response(200)
        request.send_header("Content-Length", str(len(BODY)))
        request.end_headers()
        request.wfile.write(BODY[:70_000])
        request.wfile.flush()
        server.released.wait()

    server.answers["/file"] = stall
    with pytest.raises(DataSetError, match=r"sent nothing for 0.2 seconds. 65,536 bytes are kept"):
        quietly(server, part, timeout=0.2)
    assert part.read_bytes() == BODY[:65_536]


def test_a_server_that_is_not_there_is_told(server, part, tmp_path):
    with pytest.raises(DataSetError, match="cannot be reached"):
        download("http://127.0.0.1:9/file", part, timeout=5.0, progress=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_says_it_is_too_large_is_refused(server, status, part):
    server.answers["/file"] = status(200, Content_Length=str(10**12))
    with pytest.raises(DataSetError, match="sends 1,000,000,000,000 bytes or more"):
        quietly(server, part)
    assert not part.exists()


def test_a_file_that_grows_too_large_unannounced_is_refused(server, part, monkeypatch):
    def unannounced(request):
        request.send_response(200)
        request.end_headers()
        request.wfile.write(BODY)

    monkeypatch.setattr(download_module, "LARGEST_DOWNLOAD", 100_000)
    server.answers["/file"] = unannounced
    with pytest.raises(DataSetError, match="at most 100,000 are taken"):
        quietly(server, part)
    assert not part.exists()


def test_progress_is_shown_on_standard_error_only(server, whole, part, capfd):
    server.answers["/file"] = whole(BODY)
    download(f"{server.address}/file", part, timeout=5.0, progress=True)
    shown = capfd.readouterr()
    assert shown.out == ""
    assert "tiny" in shown.err
    assert "256.0/256.0 kB" in shown.err
