# SPDX-License-Identifier: GPL-3.0-or-later
"""report_forms.py -- do all forms of a report say the same numbers?

	report_forms.py DOCS ROWS COUNTS SCRATCH

Runs gc-report for every subject in every form, takes the numbers out of each
by other means than gc-report's, and compares: forms for programs must hold the
double that the JSON holds; forms for people that decimal rounded to four
places, a half away from zero. Writes TAP.
"""
import csv
import decimal
import html.parser
import json
import re
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

DOCS, ROWS, COUNTS, SCRATCH = sys.argv[1:5]
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
done = [0, 0]


def ok(good, title, more=None):
    done[0] += 1
    done[1] += not good
    print("%s %d - %s" % ("ok" if good else "not ok", done[0], title))
    if not good and more is not None:
        print("#   " + repr(more)[:600])


def run(subject, form, source, *options):
    r = subprocess.run(["gc-report", subject, "-f", form, "-q", "--now",
                        "2026-01-02", *options, source],
                       stdout=subprocess.PIPE, check=False)
    return r.stdout if r.returncode == 0 else b""


def people(text):
    """What people read of a number that JSON or CSV spells."""
    d = decimal.Decimal(text)
    if d == d.to_integral_value():
        return str(int(d))
    if abs(d) < decimal.Decimal("0.00005"):
        return "%.1e" % float(d)
    return str(d.quantize(decimal.Decimal("0.0001"),
                          decimal.ROUND_HALF_UP))


def from_csv(data, tab=False):
    text = data.decode()
    if tab:
        return [line.split("\t") for line in text.splitlines()][1:]
    return list(csv.reader(text.splitlines()))[1:]


def from_xlsx(data, sheet=1):
    path = SCRATCH + "/t.xlsx"
    with open(path, "wb") as f:
        f.write(data)
    z = zipfile.ZipFile(path)
    shared = ["".join(t.text or "" for t in si.iter(NS + "t")) for si in
              ElementTree.fromstring(z.read("xl/sharedStrings.xml"))]
    rows = []
    for row in ElementTree.fromstring(z.read(
            "xl/worksheets/sheet%d.xml" % sheet)).iter(NS + "row"):
        cells = {}
        for c in row:
            v, at = c.find(NS + "v"), re.match("[A-Z]+", c.get("r")).group()
            n = 0
            for letter in at:
                n = n * 26 + ord(letter) - 64
            if v is not None:
                cells[n] = shared[int(v.text)] if c.get("t") == "s" else v.text
        rows.append([cells.get(i, "") for i in range(1, max(cells) + 1)]
                    if cells else [])
    return rows[1:]


def from_md(data):
    tables, before = [], ""
    for line in data.decode().splitlines():
        if line.startswith("| ---"):
            if tables and tables[-1] and before.startswith("| "):
                tables[-1].pop()        # the line of names
            tables.append([])
        elif line.startswith("| ") and tables:
            tables[-1].append([c.strip() for c in
                               line.strip("|").split(" | ")])
        before = line
    return tables


def from_txt(data):
    """Tables of text: columns lie where the rule has its dashes."""
    tables, cuts = [], None
    for line in data.decode().splitlines():
        if re.fullmatch(r"-+(  -+)*", line):
            cuts = [(m.start(), m.end()) for m in re.finditer("-+", line)]
            tables.append([])
        elif cuts and line:
            tables[-1].append([line[a:b].strip() for a, b in cuts])
        else:
            cuts = None
    return tables


class Tables(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables, self.cell, self.body = [], None, False

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif tag in ("tbody", "thead"):
            self.body = tag == "tbody"
        elif tag == "tr" and self.body:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.body:
            self.cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.tables[-1][-1].append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


def from_html(data):
    t = Tables()
    t.feed(data.decode())
    return [[[c.replace("\u2212", "-") for c in r] for r in x]
            for x in t.tables]


def from_prom(data):
    return {m.group(1): float(m.group(2)) for m in re.finditer(
        r"^([a-z0-9_]+(?:\{.*\})?) (\S+)$", data.decode(), re.M)}


def picture_text(subject, form, source, *options):
    data = run(subject, form, source, *options)
    if form == "svg":
        return "\n".join(t.text or "" for t in ElementTree.fromstring(
            data).iter("{http://www.w3.org/2000/svg}text")) + "\n" + \
            " ".join(ElementTree.fromstring(data).find(
                "{http://www.w3.org/2000/svg}desc").text.split())
    path = SCRATCH + "/t.pdf"
    with open(path, "wb") as f:
        f.write(data)
    return subprocess.run(["pdftotext", "-layout", path, "-"], check=True,
                          stdout=subprocess.PIPE).stdout.decode()


def cell(text):
    return "" if text in ("-", "\u2013") else text


def find(tables, rows, width):
    """Is there a table with these rows, in their first columns?"""
    want = [r[:width] for r in rows]
    # a long table of a page goes on in a second one
    tables = tables + [a + b for a, b in zip(tables, tables[1:])]
    return any([[cell(c) for c in r[:width]] for r in t] == want
               for t in tables)


def near(a, b):
    """The same double, as far as 16 digits say, which XLSX has."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= 1e-15 * abs(b)
    return a == b


def value(c):
    return float(c) if re.fullmatch(r"-?[0-9.]+([eE][-+]?\d+)?", c) else c


def check_tables(subject, source, width, *options):
    """csv is the measure: it holds doubles as they are."""
    exact = from_csv(run(subject, "csv", source, "--intervals", *options))
    read = [[people(c) if re.fullmatch(r"-?[0-9.]+(e[-+]?\d+)?", c) and i
             else c for i, c in enumerate(r)] for r in exact]
    ok(len(exact) > 1 and all(len(r) >= width for r in exact),
       subject + ": csv", exact)
    ok(from_csv(run(subject, "tsv", source, "--intervals", *options), True)
       == exact, subject + ": tsv has the numbers of csv")
    sheet = from_xlsx(run(subject, "xlsx", source, *options))
    sheet = [(r + [""] * width)[:len(exact[0])] for r in sheet]
    ok(len(sheet) == len(exact) and all(
        near(value(a), value(b)) for x, y in zip(sheet, exact)
        for a, b in zip(x, y)),
       subject + ": xlsx the same, in 16 digits", [sheet[:3], exact[:3]])
    for form, tables in (("txt", from_txt), ("md", from_md),
                         ("html", from_html)):
        got = tables(run(subject, form, source, *options))
        want = read
        if subject == "dashboard" and form == "html":   # a page of its own
            want = [r[2:] for r in read if r[0] == "figures"]
        ok(find(got, want, len(want[0])),
           subject + ": %s the same, rounded" % form, [got[:1], read[:3]])
    return exact, read


def main():
    # ---- summary ----
    exact, read = check_tables("summary", DOCS, 5)
    j = json.loads(run("summary", "json", DOCS))
    keys = ["accuracy", "precision", "recall", "f1_score", "drift_p_value"]
    ok([float(r[1]) for r in exact[:5]] == [j[k] for k in keys],
       "summary: json the same doubles")
    ok([[float(c) for c in r[2:4]] for r in exact[:4]] ==
       [j["intervals"][k] for k in keys[:4]], "summary: and its intervals")
    p = from_prom(run("summary", "prom", DOCS))
    ok([float(r[1]) for r in exact[:5]] ==
       [p['gcpipe_bot_%s_ratio{source="evaluation"}' % k] for k in
        ("accuracy", "precision", "recall", "f1")] +
       [p["gcpipe_bot_drift_p_value"]], "summary: prom the same doubles", p)
    ok([[float(c) for c in r[2:4]] for r in exact[:4]] ==
       [[p['gcpipe_bot_%s_interval_ratio{bound="%s",source="evaluation"}' %
           (k, bound)] for bound in ("low", "high")]
        for k in ("accuracy", "precision", "recall", "f1")] and
       p["gcpipe_bot_figures_utterances"] == float(exact[0][4]),
       "summary: prom the same intervals", p)
    for form in ("svg", "pdf"):
        text = picture_text("summary", form, DOCS)
        ok(all("%s (%s to %s), n %s" % tuple(r[1:5]) in text
               for r in read[:4]), "summary: %s the same, rounded" % form,
           text)
    # ---- the sentence is the same everywhere ----
    says = j["says"]
    ok(says.startswith("Accuracy is 12.3% (95% interval "),
       "summary: the first sentence", says)
    flat = {"txt": lambda b: " ".join(b.decode().split()),
            "md": lambda b: b.decode().replace("\\", ""),
            "html": lambda b: re.sub("<[^>]*>", "", b.decode()),
            "svg": lambda b: " ".join(b.decode().split())}
    for form, plain in flat.items():
        ok(says in plain(run("summary", form, DOCS)),
           "summary: %s has it" % form)
    ok(says[:200] in zipfile.ZipFile(SCRATCH + "/t.xlsx").read(
        "docProps/core.xml").decode() if run("summary", "xlsx", DOCS) and
       from_xlsx(run("summary", "xlsx", DOCS)) else False,
       "summary: xlsx has it in its properties")
    # ---- matrix ----
    check_tables("matrix", DOCS, 5)
    plain = from_csv(run("matrix", "csv", DOCS))
    m = json.loads(run("matrix", "json", DOCS))
    n = len(m["labels"])
    ok([[float(c) for c in r[1:]] for r in plain] ==
       [r + [a] for r, a in zip(m["matrix"], m["actual"])] +
       [m["predicted"] + [m["n"]]], "matrix: json the same counts")
    with_right = from_csv(run("matrix", "csv", DOCS, "--intervals"))
    ok([[m["right"][r[0]][k] for k in ("value", "low", "high", "n")]
        for r in with_right[:-1]] ==
       [[float(c) for c in r[-3:] + [r[-4]]] for r in with_right[:-1]] and
       [m["accuracy"][k] for k in ("value", "low", "high", "n")] ==
       [float(c) for c in with_right[-1][-3:] + [with_right[-1][-4]]],
       "matrix: json the same shares that are right")
    p = from_prom(run("matrix", "prom", DOCS))
    ok(sum(v for k, v in p.items() if k.startswith("gcpipe_bot_matrix_"))
       == m["n"], "matrix: prom the same counts")
    for form in ("svg", "pdf"):
        text = re.findall(r"(?<![\d.,%])\d+(?![\d.,%])",
                          picture_text("matrix", form, DOCS))
        ok(all(str(c) in text for r in m["matrix"] for c in r if c),
           "matrix: %s the same counts" % form, text)
    heat = from_html(run("matrix", "html", DOCS))
    ok(n > 2 and heat, "matrix: and a page of %d labels" % n)
    # ---- frequency ----
    exact, read = check_tables("frequency", ROWS, 7)
    f = json.loads(run("frequency", "json", ROWS))
    ok([r[2] for r in exact] == [str(v) for g in ("products", "issues")
                                 for v in f[g].values()],
       "frequency: json the same counts")
    g = json.loads(run("frequency", "json", ROWS, "--intervals"))
    ok([[x[k] for k in ("value", "low", "high", "n")] for name in
        ("products", "issues") for x in g["shares"][name].values()] ==
       [[float(c) for c in r[3:]] for r in exact] and
       {k: v for k, v in g.items() if k != "shares"} == f,
       "frequency: json the same shares, where asked")
    p = from_prom(run("frequency", "prom", ROWS))
    ok(sorted(v for k, v in p.items() if k.startswith("gcpipe_mentions{"))
       == sorted(float(r[2]) for r in exact),
       "frequency: prom the same counts")
    for form in ("svg", "pdf"):
        text = picture_text("frequency", form, ROWS)
        ok(all(re.search(r"\b%s\b" % r[2], text) for r in exact),
           "frequency: %s the same counts" % form, text)
    # ---- trend ----
    exact, read = check_tables("trend", COUNTS, 3)
    t = [json.loads(x) for x in run("trend", "json", COUNTS,
                                    "--intervals").splitlines()]
    ok([[x["recorded_date"], x["product_name"], str(x["mention_count"])]
        for x in t] == [r[:3] for r in exact], "trend: json the same counts")
    ok([[x["share"][k] for k in ("value", "low", "high", "n")] for x in t] ==
       [[float(c) for c in r[3:]] for r in exact],
       "trend: json the same shares of the day")
    ok(from_csv(run("trend", "csv", COUNTS)) == [r[:3] for r in exact],
       "trend: csv bare unless asked")
    p = from_prom(run("trend", "prom", COUNTS))
    ok(sum(v for k, v in p.items() if k.startswith("gcpipe_mentions_of_day"))
       == sum(float(r[2]) for r in exact), "trend: prom the same counts")
    totals = {}
    for r in exact:
        totals[r[1]] = totals.get(r[1], 0) + int(r[2])
    text = picture_text("trend", "svg", COUNTS)
    ok(all("%s %d" % x in text for x in totals.items()),
       "trend: svg the same totals", text)
    y = from_txt(run("trend", "txt", COUNTS))[0]
    ok({r[0]: int(r[1]) for r in y} == totals, "trend: txt the same totals")
    # ---- dashboard ----
    exact, read = check_tables("dashboard", DOCS, 7)
    d = json.loads(run("dashboard", "json", DOCS))
    ok([[x["value"], x["n"]] for x in d["figures"]] ==
       [[float(r[3]), float(r[6])] for r in exact if r[0] == "figures"],
       "dashboard: json the same doubles")
    for form in ("svg", "pdf"):
        text = picture_text("dashboard", form, DOCS)
        ok(all(r[3] in text for r in read if r[0] == "figures"),
           "dashboard: %s the same, rounded" % form, text)
    # ---- metrics ----
    p = from_prom(run("metrics", "prom", DOCS))
    exact, read = check_tables("metrics", DOCS, 3)
    rows = {r[0] + ("{%s}" % r[1] if r[1] else ""): float(r[2])
            for r in exact}
    ok(rows == p, "metrics: a row for every sample")
    for subject, source in (("summary", DOCS), ("matrix", DOCS),
                            ("frequency", ROWS), ("trend", COUNTS),
                            ("dashboard", DOCS), ("metrics", DOCS)):
        for form in ("csv", "tsv", "md", "json", "html", "svg", "png", "pdf",
                     "txt", "xlsx", "prom"):
            a, b = run(subject, form, source), run(subject, form, source)
            ok(a and a == b, "%s as %s: the same bytes again" %
               (subject, form))
    print("1..%d" % done[0])
    return 1 if done[1] else 0


sys.exit(main())
