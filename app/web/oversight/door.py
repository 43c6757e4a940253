"""The blueprint on which the oversight officer's pages hang, and what they share."""

from flask import Blueprint, current_app

from app.config import Config

bp = Blueprint("oversight", __name__, url_prefix="/oversight")
SEE_OTHER = 303


def pseudonym_key() -> str:
    """The key by which people are shown under a pseudonym."""
    config: Config = current_app.config["CAIRN"]
    return config.secret_key
