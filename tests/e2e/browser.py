# SPDX-License-Identifier: GPL-3.0-or-later
"""browser.py -- pages in a real browser, and what they are like in there.

	browser.py CHROMIUM AXE SHOTS NAME=URL...

Drives a headless Chromium over its debugging protocol: JSON messages, each
ended by NUL, on two pipes (--remote-debugging-pipe). Of each page it checks
by the DOM what is on it, that nothing comes from elsewhere, that the console
is silent, that no script of the page's runs, that nothing is wider than the
window, and, where AXE is a file (axe-core), that its audit finds nothing; all
by day and by night. Screenshots at three widths go into the folder SHOTS.
Writes TAP.
"""
import base64
import json
import os
import select
import subprocess
import sys
import tempfile
import time

WIDTHS = (360, 768, 1280)
TIMEOUT = 60


class Browser:
    """One process; send() is a call, events are kept until taken."""

    def __init__(self, program, home):
        to_r, self.to = os.pipe()
        self.back, back_w = os.pipe()

        def place():        # the protocol wants 3 and 4
            a, b = os.dup(to_r), os.dup(back_w)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-quic", "--no-first-run", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--disable-dev-shm-usage",
             "--user-data-dir=" + home, "--remote-debugging-pipe",
             "about:blank"],
            preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_r)
        os.close(back_w)
        self.n, self.rest, self.events, self.session = 0, b"", [], None

    def read(self, until):
        while b"\0" not in self.rest:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                raise TimeoutError("the browser says nothing")
            piece = os.read(self.back, 1 << 16)
            if not piece:
                raise EOFError("the browser has gone")
            self.rest += piece
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def send(self, method, **params):
        self.n += 1
        call = {"id": self.n, "method": method, "params": params}
        if self.session:
            call["sessionId"] = self.session
        text = json.dumps(call).encode() + b"\0"
        while text:
            text = text[os.write(self.to, text):]
        until = time.monotonic() + TIMEOUT
        while True:
            m = self.read(until)
            if m.get("id") == self.n:
                if "error" in m:
                    raise RuntimeError(method + ": " + str(m["error"]))
                return m["result"]
            self.events.append(m)

    def wait(self, method):
        until = time.monotonic() + TIMEOUT
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.read(until))

    def take(self):
        """What happened since, after a moment for what is still to come."""
        self.send("Runtime.evaluate", awaitPromise=True, expression="new "
                  "Promise(r => setTimeout(r, 150))")
        events, self.events = self.events, []
        return events

    def open(self, url):
        self.events = []
        self.send("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def value(self, expression):
        r = self.send("Runtime.evaluate", expression=expression,
                      awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in r:
            raise RuntimeError(str(r["exceptionDetails"]))
        return r["result"].get("value")

    def close(self):
        try:
            self.session = None
            self.send("Browser.close")
            self.process.wait(10)
        except (OSError, EOFError, RuntimeError, TimeoutError,
                subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


class Tap:
    n = failed = 0

    def ok(self, good, title, more=None):
        self.n += 1
        self.failed += not good
        print("%s %d - %s" % ("ok" if good else "not ok", self.n, title))
        if not good and more is not None:
            for line in str(more).splitlines():
                print("#   " + line[:400])
        sys.stdout.flush()

    def skip(self, title):
        self.n += 1
        print("ok %d # SKIP %s" % (self.n, title))


def noise(events):
    """What the console would show."""
    found = []
    for e in events:
        p = e.get("params", {})
        if e.get("method") == "Runtime.consoleAPICalled":
            found.append("console: " + json.dumps(p.get("args")))
        elif e.get("method") == "Runtime.exceptionThrown":
            found.append("exception: " + json.dumps(p["exceptionDetails"]))
        elif e.get("method") == "Log.entryAdded":
            found.append("log: " + p["entry"]["text"] + " " +
                         p["entry"].get("url", ""))
    return found


def requested(events):
    return [e["params"]["request"]["url"] for e in events
            if e.get("method") == "Network.requestWillBeSent"]


def elsewhere(urls, own):
    if own.startswith("file:"):
        return [u for u in urls if u != own]
    origin = "/".join(own.split("/")[:3]) + "/"
    return [u for u in urls if not u.startswith(origin)]


AUDIT = """axe.run(document, {resultTypes: ["violations"]}).then(r =>
    JSON.stringify(r.violations.map(v => v.id + ": " + v.help + " | " +
    v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " " +
    (n.failureSummary || "").replace(/\\n/g, " ").slice(0, 200)))))"""

# A page that got a script, a style, a picture and a form from data: what of
# it has effect? Answers with the names of what had.
ATTACK = """new Promise(done => {
    const s = document.createElement("script");
    s.textContent = "window.had_script = 1";
    document.body.append(s);
    const t = document.createElement("div");
    t.innerHTML = "<img src=x onerror='window.had_handler = 1'>" +
        "<p id=styled style='outline: 7px solid red'>x</p>";
    document.body.append(t);
    let far = 0;
    const i = new Image();
    i.onload = () => { far = 1; };
    i.src = "http://127.0.0.2:9/far.png";
    fetch("http://127.0.0.2:9/far").then(() => { far = 1; }, () => {});
    setTimeout(() => {
        const had = [];
        if (window.had_script) had.push("script");
        if (window.had_handler) had.push("handler");
        if (far) had.push("far");
        if (SERVED && getComputedStyle(document.getElementById(
            "styled")).outlineWidth === "7px") had.push("style");
        done(had.join(" "));
    }, 400);
})"""


# What a page's picture has to be drawn of, by the page's name.
DRAWN = {"trend": "svg.lines .l", "matrix": "svg.heat g rect",
         "mentions": "svg.bar rect", "chats": "svg.bar rect",
         "scores": "svg.hist rect", "insights": "svg.range circle",
         "drift": "svg.shift rect", "report matrix of many":
         "svg.heat g rect"}


def check_view(b, t, name):
    """A page of one subject: a sentence, a picture, tables; or why not."""
    if "empty" in name:
        t.ok("yet" in b.value("document.querySelector('.empty')?.textContent "
                              "|| ''"), name + ": says what would be here")
        return
    t.ok(len(b.value("document.querySelector('.lead').textContent")) > 30,
         name + ": a first sentence")
    drawn = DRAWN.get(name) or DRAWN[name.split()[-1]]
    t.ok(b.value("document.querySelectorAll(%r).length" % drawn) > 1,
         name + ": a picture", drawn)
    t.ok(b.value("""[...document.querySelectorAll("svg[role=img]")].every(s =>
        s.querySelector("title").textContent.length > 5 &&
        s.querySelector("desc").textContent.length > 20) &&
        [...document.querySelectorAll("svg:not([role=img])")].every(s =>
        s.getAttribute("aria-hidden") === "true")"""),
         name + ": pictures say in words what they are")
    t.ok(b.value("""[...document.querySelectorAll("table")].length > 0 &&
        [...document.querySelectorAll("table")].every(t =>
        t.caption && [...t.tHead.querySelectorAll("th")].every(h => h.scope
        === "col") && [...t.querySelectorAll("tbody th")].every(h =>
        h.scope === "row"))"""), name + ": tables have captions and headers")
    if name == "report matrix of many":
        t.ok(b.value("document.querySelectorAll('svg.heat')[0]"
                     ".querySelectorAll('text').length") > 42 and
             b.value("""[...document.querySelectorAll("table")].some(t =>
             t.tBodies[0].rows.length === 25)"""),
             name + ": the worst is drawn, the other 25 are listed")


def check_page(b, t, name, url):
    """What is on it, whence, and what the console says."""
    b.open(url)
    events = b.take()
    t.ok(noise(events) == [], name + ": the console is silent",
         "\n".join(noise(events)))
    away = elsewhere(requested(events), url)
    t.ok(requested(events) and not away,
         name + ": nothing is fetched from elsewhere", away)
    t.ok(b.value("document.scripts.length") == 0, name + ": no script")
    t.ok(b.value("document.documentElement.lang") == "en" and
         b.value("document.querySelectorAll('h1').length") == 1,
         name + ": a language, one heading")
    if name.endswith("history"):
        t.ok(b.value("document.querySelectorAll('tbody tr').length") == 2,
             name + ": a row for each run")
        t.ok(b.value("[...document.querySelectorAll('tbody a')].every(a => "
                     "a.pathname.startsWith('/runs/'))"),
             name + ": each a link to it")
        return
    if name.startswith(("view", "report")):
        check_view(b, t, name)
        return
    t.ok(b.value("document.title") == "Einstein Bot NLP Dashboard" and
         b.value("document.querySelector('h1').textContent") ==
         "Bot Performance Monitor", name + ": its title and its heading")
    tiles = b.value("Object.fromEntries([...document.querySelectorAll("
                    "'.tiles > div')].map(d => [d.querySelector('dt')"
                    ".textContent, d.querySelector('dd').innerText.trim()]))")
    lines = ["Status", "Accuracy", "Drift P-Value", "Last Updated"]
    t.ok(all(tiles.get(k) for k in lines), name + ": its four lines", tiles)
    if name.endswith("empty"):
        t.ok([tiles[k] for k in lines] == ["No evaluation data", "not known",
             "not known", "never"], name + ": says that nothing is there",
             tiles)
        return
    t.ok(tiles["Status"] in ("Model Stable", "Retraining Triggered") and
         tiles["Accuracy"].endswith("%"), name + ": a state, an accuracy",
         tiles)
    t.ok(b.value("""(() => { const s = document.querySelector("svg.heat");
        const title = s.querySelector("title"), d = s.querySelector("desc");
        return s.getAttribute("role") === "img" && s.getAttribute(
            "aria-labelledby") === title.id + " " + d.id &&
            title.textContent.length > 5 && d.textContent.length > 20; })()"""),
         name + ": the picture says in words what it is")
    t.ok(b.value("""(() => { const big = [...document.querySelectorAll(
        "table")].find(t => t.caption.textContent.includes("as numbers"));
        const rows = [...big.tBodies[0].rows].map(r => [...r.cells].slice(1)
            .map(c => Number(c.textContent.replace(/,/g, ""))));
        const n = rows.length - 1;
        const drawn = [...document.querySelectorAll("svg.heat g text")]
            .reduce((sum, e) => sum + Number(e.textContent), 0);
        return n > 2 && rows[n][n] === drawn && rows.every(r => r.slice(0, n)
            .reduce((x, y) => x + y, 0) === r[n]); })()"""),
         name + ": the numbers drawn are those of the table")
    t.ok(b.value("""[...document.querySelectorAll("table")].every(t =>
        t.caption && [...t.tHead.querySelectorAll("th")].every(h => h.scope
        === "col") && [...t.querySelectorAll("tbody th")].every(h =>
        h.scope === "row"))"""), name + ": tables have captions and headers")
    if name.startswith("served"):
        b.value("document.querySelectorAll('details').forEach(d => "
                "d.open = true)")
        t.ok(b.value("""new Promise(done => { const i = document.querySelector(
            "img"); const end = () => done(i.naturalWidth === 1500 &&
            i.naturalHeight === 1200 && i.alt.length > 20);
            i.loading = "eager"; if (i.complete && i.naturalWidth) end();
            else { i.onload = end; i.onerror = end; } })"""),
             name + ": the picture of the matrix, 10 by 8 inches at 150 dpi")


def check_policy(b, t, name, url):
    b.open(url)
    had = b.value(ATTACK.replace("SERVED", "false" if url.startswith("file:")
                                 else "true"))
    t.ok(had == "", name + ": what data might bring in has no effect", had)
    b.take()


def audit(b, t, name, url, axe, theme):
    if axe is None:
        t.skip("axe-core is not there")
        return
    b.send("Page.setBypassCSP", enabled=True)
    b.open(url)
    b.value("document.querySelectorAll('details').forEach(d => d.open = true)")
    b.value(axe + "\n0")
    found = json.loads(b.value(AUDIT))
    t.ok(found == [], "%s: the audit finds nothing, by %s" % (name, theme),
         "\n".join(found))
    b.send("Page.setBypassCSP", enabled=False)


def window(b, width, theme, height=900):
    b.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
           deviceScaleFactor=1, mobile=False)
    b.send("Emulation.setEmulatedMedia", features=[{
        "name": "prefers-color-scheme",
        "value": "dark" if theme == "night" else "light"}])


def shoot(b, t, name, url, shots, theme):
    for width in WIDTHS:
        window(b, width, theme)
        b.open(url)
        wide = b.value("document.documentElement.scrollWidth")
        t.ok(wide <= width, "%s: fits a window of %d" % (name, width), wide)
        size = b.send("Page.getLayoutMetrics")["cssContentSize"]
        shot = b.send("Page.captureScreenshot", format="png",
                      captureBeyondViewport=True, clip={
                          "x": 0, "y": 0, "width": width, "scale": 1,
                          "height": min(size["height"], 6000)})
        path = "%s/%s-%s-%d.png" % (shots, name.replace(" ", "-"), theme,
                                    width)
        with open(path, "wb") as f:
            f.write(base64.b64decode(shot["data"]))
        t.ok(os.path.getsize(path) > 5000, path.split("/")[-1])


def check_print(b, t, name, url):
    """On paper: dark ink on white, no wider than the sheet."""
    b.open(url)
    b.send("Emulation.setEmulatedMedia", media="print", features=[{
        "name": "prefers-color-scheme", "value": "dark"}])
    t.ok(b.value("getComputedStyle(document.body).backgroundColor") ==
         "rgb(255, 255, 255)" and
         b.value("getComputedStyle(document.body).color") == "rgb(0, 0, 0)",
         name + ": black on white on paper, also by night")
    pdf = base64.b64decode(b.send("Page.printToPDF", paperWidth=8.27,
                                  paperHeight=11.69)["data"])
    t.ok(pdf.startswith(b"%PDF-") and len(pdf) > 5000, name + ": prints")
    b.send("Emulation.setEmulatedMedia", media="", features=[])


def run(b, t, pages, axe, shots):
    targets = b.send("Target.getTargets")["targetInfos"]
    page = next(x for x in targets if x["type"] == "page")
    b.session = b.send("Target.attachToTarget", flatten=True,
                       targetId=page["targetId"])["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network"):
        b.send(domain + ".enable")
    for name, url in pages:
        window(b, 1280, "day")
        check_page(b, t, name, url)
        check_policy(b, t, name, url)
        check_print(b, t, name, url)
        grounds = []
        for theme in ("day", "night"):
            window(b, 1280, theme)
            audit(b, t, name, url, axe, theme)
            shoot(b, t, name, url, shots, theme)
            grounds.append(b.value("getComputedStyle(document.body)"
                                   ".backgroundColor"))
        t.ok(grounds[0] != grounds[1], name + ": day and night differ",
             grounds)


def main():
    program, axe_path, shots = sys.argv[1:4]
    pages = [a.split("=", 1) for a in sys.argv[4:]]
    axe = None
    if os.path.isfile(axe_path):
        with open(axe_path, encoding="utf-8") as f:
            axe = f.read()
    t = Tap()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        b = Browser(program, home)
        try:
            run(b, t, pages, axe, shots)
        except (OSError, EOFError, RuntimeError, TimeoutError) as e:
            t.ok(False, "the browser did what it was told", repr(e))
        finally:
            b.close()
    print("1..%d" % t.n)
    return 1 if t.failed else 0


sys.exit(main())
