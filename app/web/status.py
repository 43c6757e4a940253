"""For those who watch the server: is it alive, is it ready, how is it doing."""

import hmac
import os
from dataclasses import asdict
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, g, jsonify, render_template, request
from flask.blueprints import BlueprintSetupState
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app import health
from app.config import LOOPBACK, Config
from app.db import database
from app.measure import Measures
from app.models import Role

bp = Blueprint("status", __name__)
TOKEN = "CAIRN_METRICS_TOKEN"  # noqa: S105 - the name of a setting


@bp.record_once
def _measure(state: BlueprintSetupState) -> None:
    state.app.extensions["measures"] = Measures(state.app.extensions["database"])
    state.app.after_request(state.app.extensions["measures"].count)


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers; it asks nobody else."""
    return jsonify(alive=True)


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    found = health.readiness(database())
    status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
    storage = health.storage(database(), home=_config().home) if _may_see_details() else None
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        page = render_template("status/readyz.html", found=found, storage=storage)
        return Response(page), status
    details = asdict(storage) if storage is not None else {}
    return jsonify(asdict(found) | details), status


@bp.get("/metrics")
def metrics() -> Response:
    if not _may_measure():
        abort(HTTPStatus.FORBIDDEN)
    measures: Measures = current_app.extensions["measures"]
    return Response(generate_latest(measures.registry()), content_type=CONTENT_TYPE_LATEST)


def _may_see_details() -> bool:
    user = g.get("user")
    return _may_measure() or (user is not None and Role.ADMINISTRATOR.value in user.roles)


def _may_measure() -> bool:
    """Whether the caller sits on this machine or holds the token.

    Behind a proxy everybody seems to sit on this machine, unless the proxy is trusted to say who
    asks: so without that, nearness counts only where Cairn itself is local.
    """
    token = os.environ.get(TOKEN, "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    config = _config()
    near = request.remote_addr in LOOPBACK
    return near and (config.trusted_proxies > 0 or _is_local(config))


def _is_local(config: Config) -> bool:
    return urlsplit(config.base_url).hostname in LOOPBACK


def _config() -> Config:
    config: Config = current_app.config["CAIRN"]
    return config
