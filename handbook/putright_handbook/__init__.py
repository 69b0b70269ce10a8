"""The handbook: a site made of the same rulebooks that cases are judged by.

``site`` says which pages there are; each module of ``directives`` writes a part of a page; ``menus`` gives every page
its menu and its facts; ``extension`` is what Sphinx loads; ``building`` runs it all for ``putright handbook``.
"""
