"""Files that were handed in, given back as attachments."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from lantian.site import uploads
from lantian.site.access import Action, action
from lantian.site.intake.models import Upload


@action(Action.READ_FACTS)
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An uploaded file as an attachment."""
    try:
        return uploads.download(get_object_or_404(Upload, pk=pk))
    except FileNotFoundError:
        raise Http404 from None
