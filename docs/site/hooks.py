"""What MkDocs calls while it builds: see `regiohub_docs.site`."""

from regiohub_docs.site.events import on_config, on_files, on_page_content, on_page_markdown

__all__ = ["on_config", "on_files", "on_page_content", "on_page_markdown"]
