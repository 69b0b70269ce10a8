"""The handbook: a site made from the same rulebooks that cases are judged by.

``site`` lists the pages; each module of ``directives`` writes a part of a page; ``menus`` gives every page its menu and
its facts; Sphinx loads ``extension``; ``building`` runs it all for ``putright handbook``.
"""
