"""hooks.py - what MkDocs is told beside mkdocs.yml, so that pages stay the plain Markdown that a forge shows."""
import os
import posixpath
import re

from mkdocs.structure.files import File
from mkdocs.structure.nav import Link

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHOWN = (".md", ".html", ".svg", ".png", ".css", ".js", ".ico")  # what is on the site as it is
LINK = re.compile(r"\]\(([^)#\s:]+)(#[^)\s]*)?\)")
BESIDE = {  # what has a page here and none on a forge: the sentence that leads there, before the first part
    "docs/language.md": "Every function with its arguments in one table: [functions](../reference/language.md); "
                        "the operations behind them: [operations](../reference/operations.md).",
    "docs/semantics.md": "A window to step through, with its C and its numbers: [one window](teach/index.html).",
    "README.md": "[One window, step by step](docs/teach/index.html): truncated backpropagation in five minutes.",
}


def slug(text, separator):
    """The anchor of a heading, as forges make it."""
    return re.sub(r"[^\w\- ]", "", text.lower().strip()).replace(" ", "-")


def named(nav):
    if isinstance(nav, str):
        return [nav]
    items = nav.values() if isinstance(nav, dict) else nav
    return [path for item in items for path in named(item)]


def on_config(config):
    config["mdx_configs"]["toc"]["slugify"] = slug
    return config


def on_files(files, config):
    for page in [f for f in files if f.src_uri.endswith(".md")]:
        add_sources(page, files, config)
    known = set(named(config["nav"]))
    more = [f.src_uri for f in files if f.is_documentation_page() and f.src_uri not in known
            and not f.src_uri.startswith("sources/")]
    if more:
        config["nav"].append({"More": sorted(more)})
    return files


def add_sources(page, files, config):
    """A file of the repository that a page links to, and that is no page, becomes one: sources/PATH.md."""
    with open(page.abs_src_path, encoding="utf-8") as f:
        text = f.read()
    for path in {target(page, m.group(1)) for m in LINK.finditer(text)}:
        uri = f"sources/{path}.md"
        if not path.startswith("..") and is_source(path) and uri not in files:
            destination = os.path.join(config["docs_dir"], uri)
            os.makedirs(os.path.dirname(destination), exist_ok=True)
            with open(os.path.join(ROOT, path), encoding="utf-8") as f, open(destination, "w", encoding="utf-8") as to:
                to.write(f"# {path}\n\n~~~~{os.path.splitext(path)[1][1:] or 'text'}\n{f.read()}\n~~~~\n")
            files.append(File(uri, config["docs_dir"], config["site_dir"], config["use_directory_urls"]))


def target(page, link):
    return posixpath.normpath(posixpath.join(posixpath.dirname(page.src_uri), link))


def is_source(path):
    return not path.endswith(SHOWN) and os.path.isfile(os.path.join(ROOT, path))


def on_page_markdown(markdown, page, config, files):
    here = page.file.src_uri
    if here.startswith("sources/"):
        return markdown
    if here in BESIDE:
        markdown = re.sub(r"(?m)^## ", lambda m: f"{BESIDE[here]}\n\n## ", markdown, 1)

    def relink(m):
        path = target(page.file, m.group(1))
        if not is_source(path):
            return m.group(0)
        return f"]({posixpath.relpath(f'sources/{path}.md', posixpath.dirname(here))})"
    return LINK.sub(relink, markdown)


def on_page_content(html, page, config, files):
    """A table's cell has its bars escaped, within code too; and no option is broken at a dash."""
    html = re.sub(r"(<t[dh][^>]*>)(.*?)(?=</t[dh]>)", lambda m: m.group(1) + m.group(2).replace("\\|", "|"), html)
    return re.sub(r"<code>[^<\n]+</code>", lambda m: re.sub(r"(?<![^\s>])-[\w-]+", r'<span class="whole">\g<0></span>', m.group(0)), html)


def on_nav(nav, config, files):
    """What stands in the navigation and is no Markdown is a link."""
    def linked(items):
        for i, item in enumerate(items):
            if item.children:
                linked(item.children)
            elif item.is_page and not item.file.is_documentation_page():
                items[i] = Link(item.title, item.file.url)
                items[i].parent = item.parent
    linked(nav.items)
    nav.pages[:] = [p for p in nav.pages if p.file.is_documentation_page()]
    for before, after in zip(nav.pages, nav.pages[1:]):
        before.next_page, after.previous_page = after, before
    return nav
