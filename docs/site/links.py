"""links.py DIR - whether every link, anchor and image of the pages in DIR leads somewhere, and nothing is loaded from
elsewhere. Prints what does not, and ends with 1."""
import os
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loaded = set(), [], []
        with open(path, encoding="utf-8") as f:
            self.feed(f.read())

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.update(given[name] for name in ("id", "name") if given.get(name))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag in LOADED and given.get(LOADED[tag]) and given.get("rel") != "canonical":
            self.loaded.append(given[LOADED[tag]])


def pages_of(directory):
    for folder, _, names in os.walk(directory):
        for name in names:
            if name.endswith(".html"):
                path = os.path.join(folder, name)
                yield path, Page(path)


def is_dead(path, link, pages):
    """Nothing, or what is wrong."""
    url = urlsplit(link)
    if url.scheme or url.netloc:
        return None
    to = os.path.normpath(os.path.join(os.path.dirname(path), unquote(url.path))) if url.path else path
    if os.path.isdir(to):
        to = os.path.join(to, "index.html")
    if not os.path.isfile(to):
        return "leads nowhere"
    if url.fragment and to in pages and unquote(url.fragment) not in pages[to].ids | {"__top"}:
        return "no such anchor" if not to.endswith("teach/index.html") else None  # there a fragment is a step
    return None


def main(directory):
    pages = dict(pages_of(directory))
    wrong, seen = [], 0
    for path, page in sorted(pages.items()):
        if os.path.basename(path) == "404.html":  # its links are those of any page, from wherever it is shown
            continue
        for link in page.links + page.loaded:
            seen += 1
            problem = is_dead(path, link, pages)
            if problem:
                wrong.append(f"{os.path.relpath(path, directory)}: {link}: {problem}")
        wrong += [f"{os.path.relpath(path, directory)}: {link}: is loaded from elsewhere"
                  for link in page.loaded if urlsplit(link).netloc]
    for line in dict.fromkeys(wrong):
        print(line)
    print(f"{len(pages)} pages, {seen} links, {len(wrong)} of them dead")
    return 1 if wrong or not seen else 0


sys.exit(main(sys.argv[1]))
