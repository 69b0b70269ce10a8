"""``putright-search``: the form of the search page, and the way on where scripts do not run or nothing is found."""

from __future__ import annotations

import html

from docutils import nodes
from sphinx.application import Sphinx

from putright_handbook import writing


class Search(writing.Directive):
    """The form, with the council to be searched first."""

    def run(self) -> list[nodes.Node]:
        found = self.site
        options = "".join(
            f'<option value="{html.escape(name, quote=True)}">{html.escape(found.authority(name))}</option>'
            for name in sorted(found.host.councils, key=found.authority)
        )
        return [writing.raw(_FORM.format(options=options))]


_FORM = """
<noscript><p class="pr-note">Searching needs JavaScript. Without it, use the menu, or press Ctrl and F to look for
words on a page. Every step is on a procedure's <em>At a glance</em>, every clause on its page.</p></noscript>
<form class="pr-search-page" action="search.html" method="get" role="search">
<p><label for="pr-search-words">Search by word or clause number, for example &lsquo;holding reply&rsquo; or
&lsquo;6.9.8&rsquo;</label><input type="search" id="pr-search-words" name="q"></p>
<p><label for="pr-search-council">Council</label><select id="pr-search-council" name="council">
<option value="">Any council</option>{options}</select></p>
<p><button type="submit">Search</button></p>
</form>
<p id="pr-search-said" role="status"></p>
<div id="search-results"></div>
<script src="_static/search-index.js" defer></script>
<script src="_static/search.js" defer></script>
"""


def setup(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("putright-search", Search)
