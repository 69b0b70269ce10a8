"""The host: finds plugins, checks what they give, and answers for rulebooks and calendars.

The national rulebooks come through the same hook as a council's. Every mistake names the plugin.
"""

from putright.plugins.agreement import disagreements, unknown_references
from putright.plugins.host import NATIONAL, Host, Plugin
from putright.plugins.loading import build, load

__all__ = ["NATIONAL", "Host", "Plugin", "build", "disagreements", "load", "unknown_references"]
