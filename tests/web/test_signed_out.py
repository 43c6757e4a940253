"""Whoever is not signed in is sent to the sign-in page, never to a part of it."""

from flask import Flask


def test_a_signed_out_visitor_is_sent_to_sign_in(app: Flask) -> None:
    answer = app.test_client().get("/learn/record?before=3")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/learn/record?before%3D3"


def test_a_signed_out_fragment_takes_the_whole_page_to_sign_in(app: Flask) -> None:
    answer = app.test_client().get("/learn", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/learn"
    assert answer.data == b""
