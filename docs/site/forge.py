"""forge.py - a page looks here as it does on a forge, which reads CommonMark with tables. What Python-Markdown reads otherwise
is written for it: a list's items indented by four, a blank line before a list. Then both readings are compared, and where
words or blocks differ the build fails: the page that says so needs a rule here, or another spelling."""
import difflib
import logging
import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

log = logging.getLogger("mkdocs.hooks.forge")
LANGUAGES = {"dump": "text", "make": "makefile"}  # Pygments's name, where it is another one
MARKER = re.compile(r"( *)([-*+]|\d+\.)( +)(?=\S)")
FENCE = re.compile(r" *(```+|~~~+)")
BLOCKS = {"li", "ul", "ol", "pre", "table", "tr", "td", "th", "h1", "h2", "h3", "h4", "blockquote", "em", "strong", "a", "img"}
READ = {}  # by page: what a forge would have read


def on_page_markdown(markdown, page, config, files):
    READ[page.file.src_uri] = markdown
    return re.sub(r"(?m)^( *```)([^`\s]+)(?: (.+))?$", fence, lists(markdown))


def fence(m):
    """```c forecast.c has a file's name, which becomes a title; what else stands there is for tests."""
    title = next((f' title="{w}"' for w in (m.group(3) or "").split() if "." in w), "")
    return f"{m.group(1)}{LANGUAGES.get(m.group(2), m.group(2))}{title}"


def lists(markdown):
    """The same text with what stands in an item indented by four for each list around it."""
    out, inside, fenced = [], [], None  # inside: the columns at which the contents of open items begin
    for line in markdown.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        blank, after_blank = not line.strip(), not out or not out[-1].strip()
        if not fenced and not blank:
            marker = MARKER.match(line)
            lazy = not after_blank and not marker
            while inside and indent < inside[-1] and not lazy:
                inside.pop()
            within = inside[-1] if inside else 0
            if marker and indent - within >= 4:
                marker = None  # code
            if marker or indent - within < 4:
                line = names(line)
            if marker and not inside and not after_blank and not MARKER.match(previous(out)):
                out.append("")
        else:
            marker = None
        opened = FENCE.match(line)
        if opened and not blank:
            fenced = None if fenced and opened.group(1).startswith(fenced) else fenced or opened.group(1)
        within = inside[-1] if inside else 0
        shift = 0 if blank else 4 * len(inside) - min(within, indent)
        if marker:
            inside.append(len(marker.group(0)))
            rest = line[len(marker.group(0)):]
            line = f"{' ' * (indent + shift)}{marker.group(2)}".ljust(indent + shift + 4) + rest
        else:
            line = " " * shift + line if shift >= 0 else line[-shift:]
        out.append(line)
    return "\n".join(out)


def names(line):
    """<math.h> is no tag, though it looks like one."""
    parts = line.split("`")
    parts[::2] = [re.sub(r"<(\w+\.\w+)>", r"&lt;\1&gt;", part) for part in parts[::2]]
    return "`".join(parts)


def previous(out):
    """The first line of the block that the last line belongs to, for a list's lines that are wrapped."""
    i = len(out) - 1
    while i > 0 and out[i - 1].strip() and not MARKER.match(out[i]):
        i -= 1
    return out[i] if out else ""


class Reading(HTMLParser):
    """The words and blocks of a page, without what only one of the two writes."""

    def __init__(self, html):
        super().__init__()
        self.seen, self.open, self.words = [], [], ""
        self.feed(html)
        self.take()

    def take(self):
        words = "".join(self.words.split())
        if words:
            self.seen.append(words)
        self.words = ""

    def handle_starttag(self, tag, attributes):
        kind = dict(attributes).get("class") or ""
        hidden = "headerlink" in kind or "filename" in kind or bool(self.open and self.open[-1][1])
        if tag not in ("img", "br", "hr"):
            self.open.append((tag, hidden))
        if tag in BLOCKS and not hidden:
            self.take()
            self.seen.append(f"<{tag}>")

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in BLOCKS:
            self.take()

    def handle_data(self, data):
        if not (self.open and self.open[-1][1]):
            self.words += data


def on_page_content(html, page, config, files):
    there = Reading(MarkdownIt("commonmark").enable("table").render(READ[page.file.src_uri])).seen
    here = Reading(html).seen
    if here != there:
        change = [line for line in difflib.unified_diff(there, here, lineterm="", n=0) if line[:2] not in ("--", "++", "@@")]
        log.warning(f"{page.file.src_uri} is not what a forge shows; - there, + here: " + "\n    ".join(change[:6]))
    return html
