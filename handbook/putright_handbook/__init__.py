"""The handbook: a site made from the same rulebooks that cases are judged by.

``site`` lists the pages; each module of ``contents`` is what a kind of page holds, and ``madepages`` writes them;
``directives`` are for the pages written by hand; ``menus`` gives every page its menu and its facts; Sphinx loads
``extension``; ``building`` runs it all for ``putright handbook``.
"""
