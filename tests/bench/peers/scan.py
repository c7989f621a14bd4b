"""What somebody would write with mwclient (https://github.com/mwclient/mwclient)
to do what the bench asks of the bot. The job is the first argument; the wiki is
in the environment; what was found goes to standard output as JSON."""

import json
import os
import sys
from urllib.parse import urlsplit

import mwclient
import mwclient.listing

CATEGORY = os.environ["WIKI_CATEGORY"]


def connect():
    api = urlsplit(os.environ["WIKI_API"])
    site = mwclient.Site(
        api.netloc,
        path=api.path.removesuffix("api.php"),
        scheme=api.scheme,
        clients_useragent="filewarden-bench/1.0 (bench@wiki.invalid)",
    )
    site.login(os.environ["WIKI_USER"], os.environ["WIKI_PASSWORD"])
    return site


def most(site):
    rights = site.get("query", meta="userinfo", uiprop="rights")
    return 500 if "apihighlimits" in rights["query"]["userinfo"]["rights"] else 50


def answers(site, **ask):
    """Every part of the answer to a query."""
    more = {"continue": ""}
    while more is not None:
        part = site.get("query", **ask, **more)
        yield part
        more = part.get("continue")


def merge(uses, part):
    for page in part.get("query", {}).get("pages", {}).values():
        rows = uses.setdefault(page["title"], [])
        rows.extend((use["pageid"], use["ns"], use["title"]) for use in page.get("fileusage", ()))


def files_in_category(site):
    return list(
        mwclient.listing.List(
            site, "categorymembers", "cm", limit="max", return_values="title",
            cmtitle=CATEGORY, cmtype="file", cmprop="title",
        )
    )


def scan(site):
    """Batches of titles, each followed to its end."""
    files, uses, size = files_in_category(site), {}, most(site)
    for at in range(0, len(files), size):
        titles = "|".join(files[at:at + size])
        # A long list of titles fits no address, so it is posted.
        more = {"continue": ""}
        while more is not None:
            part = site.post("query", prop="fileusage", fulimit="max", titles=titles, **more)
            merge(uses, part)
            more = part.get("continue")
    return uses


def generator(site):
    """The category as a generator: the wiki finds the titles by itself."""
    uses = {}
    for part in answers(
        site, generator="categorymembers", gcmtitle=CATEGORY, gcmtype="file", gcmlimit="500",
        prop="fileusage", fulimit="max",
    ):
        merge(uses, part)
    return uses


def who(site):
    """The history of each page, read until the file is no longer in it."""
    agents = {}
    for asked in json.load(sys.stdin):
        for revision in site.pages[asked["page"]].revisions(prop="ids|user|content", slots="main"):
            if asked["file"] not in revision["slots"]["main"]["*"]:
                break
            agents[asked["page"]] = revision["user"]
    return agents


def count(uses):
    return {"files": len(uses), "rows": sum(map(len, uses.values()))}


JOBS = {
    "start": lambda site: {},
    "scan": lambda site: count(scan(site)),
    "generator": lambda site: count(generator(site)),
    "who": who,
}

print(json.dumps(JOBS[sys.argv[1]](connect())))
