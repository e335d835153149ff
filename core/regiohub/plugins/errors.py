"""Faults of plugins, each naming the plugin, the fault and the remedy."""

from __future__ import annotations


class PluginError(Exception):
    """A plugin cannot be used; `plugin` names it."""

    def __init__(self, plugin: str, message: str) -> None:
        super().__init__(f"{plugin}: {message}")
        self.plugin = plugin
        self.reason = message


class PluginConflict(PluginError):
    """Two plugins claim the same name."""

    def __init__(self, plugin: str, other: str, what: str) -> None:
        super().__init__(
            plugin,
            f"{plugin} and {other} both contribute {what}. Rename one, or leave one out (REGIOHUB_PLUGINS_ALLOWED)",
        )
        self.other = other


class PluginCycle(PluginError):
    """Plugins require each other in a circle."""

    def __init__(self, members: list[str]) -> None:
        super().__init__(members[0], f"circular requirement {' -> '.join([*members, members[0]])}: remove one of them")
        self.members = members


class QuarantineError(RuntimeError):
    """Strict mode: at least one plugin is in quarantine."""

    def __init__(self, reasons: dict[str, str]) -> None:
        lines = "; ".join(f"{plugin}: {reason}" for plugin, reason in sorted(reasons.items()))
        super().__init__(f"{len(reasons)} plugin(s) in quarantine: {lines}")
        self.reasons = reasons
