"""A browser and a server of this machine, for the tests that look at pages."""

import contextlib
import functools
import http.server
import importlib.util
import os
import shutil
import threading

import pytest

CHROMIUM = os.environ.get("CUSTOMER_INSIGHT_CHROMIUM") or shutil.which("chromium")


@contextlib.contextmanager
def chromium():
    """Start Chromium without a window, or skip and say what is missing."""
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed (it is in the extra 'dev')")
    if not CHROMIUM:
        pytest.skip("there is no chromium on PATH, and CUSTOMER_INSIGHT_CHROMIUM names none")
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@contextlib.contextmanager
def served(folder):
    """Serve a folder from this machine; give its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=folder)
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
