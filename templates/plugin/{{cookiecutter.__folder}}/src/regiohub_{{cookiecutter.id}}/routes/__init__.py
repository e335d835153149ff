"""Addresses below ``/{tenant}/{{ cookiecutter.id }}/``."""

from fastapi import APIRouter
{% if cookiecutter.portal %}
from regiohub_{{ cookiecutter.id }}.portal import router as pages
{% endif %}

{% if cookiecutter.table or cookiecutter.__http %}
from . import {% if cookiecutter.table %}geojson{% endif %}{% if cookiecutter.table and cookiecutter.__http %}, {% endif %}{% if cookiecutter.__http %}ingest{% endif %}

{% endif %}

router = APIRouter()
{% if cookiecutter.portal %}
router.include_router(pages)
{% endif %}
{% if cookiecutter.table %}
router.include_router(geojson.router)
{% endif %}
{% if cookiecutter.__http %}
router.include_router(ingest.router)
{% endif %}
