#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ner_texts -- texts of our own making: what people write to a contact centre,
and what no one should. seed() first; then make() again and again."""
import random

r = random.Random()
seed = r.seed

FIRST = "Anna Bob Chloé Dmitri Élodie Fatima Günther Hiro Ingrid José Khalid \
Li Małgorzata Nguyen O'Brien Priya Søren Tom Yusuf Zoë".split()
LAST = "Smith van der Berg|O'Neill|Müller|García Márquez|Nakamura|Okafor|\
MacDonald|Ó Súilleabháin|Lee-Jones|Petrović|St. John".split("|")
ORG = "Acme Corp.|Genesys|Globex|Initech LLC|IBM|AT&T|Yahoo!|L'Oréal|\
Deutsche Bahn|the Red Cross|Wal-Mart|H&M|Procter & Gamble|Bank of America|\
Barnes & Noble, Inc.|7-Eleven".split("|")
PLACE = "Paris|New York|San José, CA|U.K.|Rio de Janeiro|Köln|the Netherlands|\
Mt. Everest|Washington D.C.|Route 66|İstanbul|北京|Zürich|the Pacific Ocean"\
    .split("|")
WHEN = "yesterday|on Monday|at 5 p.m.|at 10:30am|in 2019|last week|\
March 3rd, 2021|Fri. night|two hours ago|12/04/22|Q3|the 90s|'87|next Tuesday|\
for ten years|twice a day".split("|")
THING = "cloud phone|iPhone 12 Pro|router|XR-200|modem|Galaxy S21|credit card|\
Office 365|headset|Wi-Fi|invoice #4711|GPT-3|order 12,345|the blue one"\
    .split("|")
MONEY = "$5|€1,299.99|£20k|5 dollars|100 USD|₹2223|$1.5 billion|50 cents|12%|\
ten percent|¥500|20 bucks|US$40".split("|")
TEMPLATES = """{f} {l} called {o} {w} about the {t}.
Hi, this is {f} from {o}. My {t} stopped working {w}!!
i bought a {t} in {p} for {m} and it doesnt work
Can I get {m} back? {f} said so {w}... I'm in {p}.
{o} and {o} merged {w}; {f} {l} stays.
"{t}" isn't what I ordered -- I've paid {m} (to {o}).
We're flying from {p} to {p} {w}, {f}'s ticket cost {m}
pls help {f}@{o} asap :-) {t} @ {p} #{o}
{w}, {f} {l}, CEO of {o}, told {o}'s board: no {t}.
Is the {t} available in {p}? What's the price: {m}/month?
{f}: hello\\n{l}: my number is +49 (0)221 {n}, thanks
Ref. no. {n}-{n}; see https://www.example.com/{n}?q={t}&x=1#top or mail a.b@c.co.uk
{f} {l}\\t{o}\\t{p}\\t{m}
No. 1 in {p}! {f}, e.g., won't pay {m} i.e. {n} items
THE {t} FROM {o} IS BROKEN SINCE {w}. CALL {f} {l} NOW
u.s. {t}s vs. {p} {t}s: {m} vs {m}, (see {o}'s site.)""".split("\n")
EMOJI = "😀 👍🏽 ❤️ 🇩🇪 👨‍👩‍👧 ☎️ :) :-( ;-D <3 ¯\\_(ツ)_/¯ (╯°□°）╯︵┻━┻ xD ^_^".split()
SPACE = ["  ", "\n", "\t", "\u00a0", "\u2003", "\r\n", "\n\n ", "\u3000",
         "\u2028", "\x85", " \u200b", "\u180e", "\x1c"]
NOISE = list("()[]{}<>\"'`´‘’“”«»…—–--..,,;:!?¿¡/\\|@#$%^&*_+=~°§¶•·") + [
    "...", "--", "''", "``", "n't", "'s", "'LL", "a.m.", "p.m.)", "(Inc.", "c++",
    "e-mail", "1,000.00", "3/4", "½", "²", "x²", "10km", "5'10\"", "#1", "U.S.A."]


def text():
    t = r.choice(TEMPLATES).replace("\\n", "\n").replace("\\t", "\t")
    for key, words in (("{f}", FIRST), ("{l}", LAST), ("{o}", ORG),
                       ("{p}", PLACE), ("{w}", WHEN), ("{t}", THING),
                       ("{m}", MONEY)):
        while key in t:
            t = t.replace(key, r.choice(words), 1)
    while "{n}" in t:
        t = t.replace("{n}", str(r.randrange(10 ** r.randrange(1, 8))), 1)
    return t


def odd():
    kind = r.randrange(6)
    if kind == 0:       # code points from anywhere
        planes = [(32, 127), (160, 0x24F), (0x370, 0x5FF), (0x600, 0xE00),
                  (0x1E00, 0x2BFF), (0x3000, 0x9FFF), (0xE000, 0xFFFF),
                  (0x10000, 0x1FAFF), (0xE0000, 0xE01FF), (0, 32)]
        n = r.randrange(1, 40)
        low, high = r.choice(planes)
        return "".join(" " if r.random() < .15 else chr(r.randrange(low, high))
                       for _ in range(n))
    if kind == 1:       # noise between words
        return "".join(r.choice(NOISE + FIRST + ORG + THING) +
                       r.choice(["", "", " ", r.choice(SPACE)])
                       for _ in range(r.randrange(1, 15)))
    if kind == 2:       # one thing again and again
        return r.choice(NOISE + EMOJI + ["a.", "a@", "Aa", "ΑΣ", "ß", "İ"]) * \
            r.randrange(1, 60)
    if kind == 3:
        return r.choice(["", " ", "\n", "  ", ".", "'", "\u200d", "a", "I"])
    if kind == 4:
        return " ".join(r.choice(EMOJI + FIRST + PLACE)
                        for _ in range(r.randrange(1, 12)))
    return "http%s://%s.%s/%s" % (r.choice(["", "s"]), r.choice(THING).lower(),
                                  r.choice(["com", "co.uk", "москва", "x"]),
                                  r.choice(NOISE + ["a/b?c=d&e=f", "~x/(y)"]))


def make(i, count):
    if i == 7:          # a long one
        n = 900000 if count > 10000 else 40000
        return " ".join(text() for _ in range(n // 70))[:n]
    k = r.random()
    if k < .45:
        t = text()
    elif k < .65:
        t = r.choice([" ", " ", "\n", "  "]).join(
            text() for _ in range(r.randrange(2, 7)))
    elif k < .9:
        t = odd()
    else:
        t = r.choice([" ", ""]).join([text(), odd(), text()])
    if r.random() < .2:
        t = r.choice([str.lower, str.upper, str.title, str.swapcase])(t)
    if r.random() < .2 and t:
        j = r.randrange(len(t))
        t = t[:j] + r.choice(SPACE + NOISE) + t[j + r.randrange(2):]
    return t
