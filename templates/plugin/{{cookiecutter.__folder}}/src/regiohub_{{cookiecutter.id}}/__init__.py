"""A plugin of Regio.hub: {{ cookiecutter.id }}."""
