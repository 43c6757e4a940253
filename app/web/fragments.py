"""One answer for htmx, another for a browser alone: the same act, the same templates.

A GET page includes its fragments, so a fragment never extends a page. A POST answers htmx with the
fragment it asked for and a plain browser with a redirect, so that reloading never repeats an act.
"""

from flask import Response, after_this_request, make_response, redirect, render_template, request

VARY = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")
SEE_OTHER = 303


def wants_fragment() -> bool:
    """Whether htmx asked for a part of the page it shows. Caches are told that it matters."""
    after_this_request(_vary)
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def fragment_or_page(fragment: str, page: str, *, status: int = 200, **context: object) -> Response:
    """The fragment alone, or the page that includes it: for a GET, or a form sent back (422)."""
    name = fragment if wants_fragment() else page
    return make_response(render_template(name, **context), status)


def fragment_or_redirect(template: str, *, to: str, **context: object) -> Response:
    """The fragment, or 303 to the page that shows the same: for a POST that was done."""
    if wants_fragment():
        return make_response(render_template(template, **context))
    return make_response(redirect(to, SEE_OTHER))


def go_to(url: str) -> Response:
    """Leave this page. htmx would swap the next page into a part of this one, so it is told."""
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": url})
    return make_response(redirect(url, SEE_OTHER))


def _vary(response: Response) -> Response:
    response.vary.update(VARY)
    return response
