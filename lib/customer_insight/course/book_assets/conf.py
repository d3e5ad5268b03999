"""Sphinx's settings for the book; everything a page needs lies beside it."""

project = "Knowing your customers"
html_title = project
language = "en"
extensions = ["myst_nb", "customer_insight.course.mathml"]

nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_output_stderr = "remove"
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 6
myst_update_mathjax = False

html_theme = "sphinx_book_theme"
html_math_renderer = "mathml"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_context = {"default_mode": "auto"}
html_copy_source = True
html_show_copyright = False
html_show_sphinx = False
# A summary is fetched from the page found, which a browser forbids between files on a disk.
html_show_search_summary = False
html_theme_options = {
    "footer_content_items": [],
    "home_page_in_toc": True,
    "max_navbar_depth": 2,
    "navbar_persistent": [],
    "pygments_dark_style": "a11y-high-contrast-dark",
    "pygments_light_style": "a11y-high-contrast-light",
    "search_bar_text": "Search the lessons",
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_issues_button": False,
}


def setup(app: object) -> None:
    """Give the theme's chapter folds, which show an arrow alone, a name that can be read out."""

    def name_folds(_app, _page, _template, context, _tree) -> None:
        made = context["generate_toctree_html"]

        def named(*arguments, **options):
            tree = made(*arguments, **options)
            for fold in tree.find_all("summary") if hasattr(tree, "find_all") else ():
                chapter = fold.find_parent("li").find("a")
                fold["aria-label"] = f"Pages of {chapter.get_text(strip=True)}"
            return tree

        context["generate_toctree_html"] = named

    app.connect("html-page-context", name_folds, priority=900)
