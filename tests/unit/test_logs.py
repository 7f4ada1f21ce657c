"""S-19: what stands in the log, and what never does."""

import json
from typing import Any

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue

from parents_partners.core import logs

FAMILY = "Quillfeather-Mbeki"


@pytest.fixture
def app() -> Flask:
    app = Flask("parents_partners")
    app.config["LOG_LEVEL"] = "INFO"
    logs.init_app(app)

    @app.post("/families/<family>")
    def save(family: str) -> ResponseReturnValue:
        if request.form.get("fail"):
            raise ValueError(f"cannot keep {family}")
        logs.log.info("saved", family=family, count=1, endpoint={"name": family})
        return "saved"

    return app


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_leaves_one_line_with_what_an_operator_needs(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    response = app.test_client().get("/no-such-page")
    (line,) = lines(capsys)
    assert line["event"] == "request"
    assert (line["method"], line["status"], line["endpoint"]) == ("GET", 404, "none")
    assert line["milliseconds"] >= 0
    assert line["request_id"] == response.headers["X-Request-ID"]


def test_keys_that_nobody_allowed_and_values_that_are_not_plain_are_left_out(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    app.test_client().post(f"/families/{FAMILY}")
    saved, _request = lines(capsys)
    assert saved["event"] == "saved"
    assert saved["count"] == 1
    assert "family" not in saved
    assert "endpoint" not in saved


def test_a_name_in_an_address_or_an_exception_does_not_reach_the_log(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    response = app.test_client().post(f"/families/{FAMILY}?q={FAMILY}", data={"fail": "1"})
    assert response.status_code == 500
    written = capsys.readouterr().err
    assert FAMILY not in written
    failed = json.loads(written.splitlines()[0])
    assert failed["exception"] == "builtins.ValueError"
    assert "tests/unit/test_logs.py:" in failed["where"]


def test_the_words_of_a_library_are_left_out(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    import logging

    logging.getLogger("somebody.elses").warning("Cannot parse %s", FAMILY)
    (line,) = lines(capsys)
    assert (line["event"], line["logger"]) == ("library message", "somebody.elses")
