"""How Sphinx builds the handbook; warnings are errors, and nothing is fetched from anywhere."""

from pathlib import Path

from putright import __version__

from putright_handbook import site

HERE = Path(__file__).parent

project = "putright handbook"
author = "The putright maintainers"
project_copyright = "The putright maintainers; the procedures belong to their councils"
version = release = __version__
language = "en_GB"
html_title = "Complaints handbook"
html_short_title = "Complaints handbook"

# The notebook extension takes seconds to load, so it is loaded only if there are notebooks.
PARSER = "myst_nb" if (found := site.GIVEN.get()) and found.training else "myst_parser"
extensions = [PARSER, "putright_handbook.extension"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"} if PARSER == "myst_nb" else {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
myst_title_to_header = False
exclude_patterns: list[str] = []
nitpicky = True
suppress_warnings: list[str] = []

smartquotes = False
# Notebooks come with their outputs: see training.py.
nb_execution_mode = "off"
nb_merge_streams = True

LONG = (
    *(
        "**/procedure",
        "**/procedure/*",
        "**/letters",
        "codes/*",
        "compare/**",
        "notebooks/*",
        "developers/*",
    ),
    *("*/*/changes", "counting", "dictionary", "adding-a-council", "changes", "your-data"),
)

html_theme = "pydata_sphinx_theme"
templates_path = [str(HERE / "templates")]
html_favicon = str(HERE / "static" / "favicon.svg")
html_static_path = [str(HERE / "static")]
html_css_files = ["putright.css"]
html_js_files = [("putright.js", {"defer": "defer"})]
html_show_sourcelink = False
html_copy_source = False
html_use_index = False
html_sidebars = {"**": ["putright-menu.html"]}
html_theme_options = {
    "disable_search": True,
    "navbar_start": ["navbar-logo.html"],
    "navbar_center": [],
    "navbar_end": ["theme-switcher.html"],
    "navbar_persistent": ["putright-search.html"],
    "article_header_start": ["putright-crumbs.html"],
    "article_footer_items": ["putright-facts.html"],
    # Only long pages have a table of contents at the side.
    "secondary_sidebar_items": {page: ["page-toc.html"] for page in LONG},
    "primary_sidebar_end": [],
    "footer_start": ["putright-footer.html"],
    "footer_end": [],
    # These always show something; the theme would make each of them twice to find out.
    "templates_skip_empty_check": [
        *("navbar-logo.html", "theme-switcher.html", "putright-search.html", "putright-menu.html"),
        "putright-footer.html",
    ],
    "show_prev_next": False,
    "show_toc_level": 1,
    "back_to_top_button": False,
    "collapse_navigation": True,
    "navigation_depth": 1,
}
# Without scripts a page is light; with them it is as the reader's system, unless they choose: see layout.html.
html_context = {"default_mode": "light"}
