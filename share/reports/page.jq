# page.jq -- what the pages share: numbers, tables, pictures, the frame.
#
# These definitions stand before each page's own program. Whatever comes from
# data goes through @html; a string that is already markup is only ever put
# together with +.

# ---- numbers, in plain English ----

# A number with $d decimals, as a person rounds the decimal that stands in the
# data, a half away from zero: other forms of a report round it alike.
def fixed($d):
	if . < 0 then (0 - . | fixed($d)) as $s
		| if $s | test("[1-9]") then "\u2212" + $s else $s end
	else (tostring | split("e")) as $e | ($e[0] | split(".")) as $m
	| ($m[0] + ($m[1] // "")) as $digits
	| (($m[0] | length) + ($e[1] // "0" | ltrimstr("+") | tonumber) + $d) as $keep
	| (if $keep > 15 then . * pow(10; $d) + 0.5 | floor
	   elif $keep < 0 then 0
	   else (if $keep == 0 then 0 else ($digits + "0" * 16)[:$keep] | tonumber end)
	   + (if $digits[$keep:$keep + 1] >= "5" then 1 else 0 end) end
	   | tostring) as $s
	| (if ($s | length) <= $d then "0" * ($d + 1 - ($s | length)) + $s
	   else $s end)
	| if $d == 0 then . else .[:-$d] + "." + .[-$d:] end
	end;

# As other forms write it: whole numbers as they are, else four decimals; what
# would be all zeros there as 1.2e-07.
def human:
	if . == null then "\u2013"
	elif . == floor then fixed(0)
	elif fabs >= 0.00005 then fixed(4)
	else (fabs | log10 | floor) as $f
	| (if fabs / pow(10; $f) >= 9.95 then $f + 1 else $f end) as $e
	| (. / pow(10; $e) | fixed(1)) + "e-" + (if $e > -10 then "0" else "" end) + (0 - $e | tostring)
	end;

# 1234567 as 1,234,567.
def count:
	if . == null then "\u2013"
	else fixed(0) | [while(length > 0; .[:-3]) | .[-3:]] | reverse | join(",")
	end;

def percent:
	if . == null then "\u2013" else (. * 100 | fixed(1)) + "%" end;

# A difference of shares, in points of a percent, with its sign.
def points:
	if . == null then "\u2013"
	else (. * 100) as $x
	| if ($x | fixed(1)) == "0.0" then "0.0"
	  elif $x > 0 then "+" + ($x | fixed(1))
	  else $x | fixed(1) end
	end;

# A p-value; below 0.0001 by its logarithm, which reaches further.
def p_value($log10):
	if . == null then "not known"
	elif . >= 0.0001 then fixed(4)
	elif $log10 == null then "below 0.0001"
	else ($log10 | floor) as $e | pow(10; $log10 - $e) as $m
	| if $m >= 9.95 then "\($m / 10 | fixed(1))e\($e + 1)"
	  else "\($m | fixed(1))e\($e)" end
	end;

# 2026-02-03T04:05:06.789Z as a day and a time that people read.
def day: "<time datetime=\"\(. | @html)\">\(.[0:10] | @html)</time>";
def clock: "\(.[11:16] | @html) UTC";

# Seconds as a length of time that people say: "12 minutes".
def lasting:
	def of($n; $word): "\($n | floor) \($word)\(if ($n | floor) == 1 then "" else "s" end)";
	if . < 60 then "less than a minute"
	elif . < 7200 then of(. / 60; "minute")
	elif . < 172800 then of(. / 3600; "hour")
	else of(. / 86400; "day") end;
def ago: lasting + " ago";
def old: lasting + " old";

def plural($one; $many): "\(count) \(if . == 1 then $one else $many end)";

# Cut to $n characters, with an ellipsis.
def clip($n): if length > $n then .[:$n - 1] + "\u2026" else . end;

# ---- markup ----

# Text from data, set apart so that its direction of writing stays its own.
def text: "<bdi>\(. | tostring | @html)</bdi>";

# A whole number as it stands, its thousands set apart: what sets them apart is
# not text, so that who copies the number gets it as other forms write it.
def grouped:
	if test("^\u2212?[0-9]{4,}$") then
		(if startswith("\u2212") then "\u2212" else "" end) as $sign | .[$sign | length:]
		| [while(length > 0; .[:-3]) | .[-3:]] | reverse
		| $sign + .[0] + (.[1:] | map("<span class=\"k\">\(.)</span>") | join(""))
	else . end;

# A table: rows are arrays of cells, a cell is markup or a number's text. The
# first of a row is its header. $columns: [{name, number, drawn, tall}]: what is
# drawn says once more what stands beside it, and goes where there is no room;
# tall names stand upright over narrow columns. $class: of the caption.
def table($class; $caption; $columns; $rows):
	def class_of($more): [(if .number then "n" else empty end), (if .drawn then "d" else empty end), $more[]]
		| if length == 0 then "" else " class=\"\(join(" "))\"" end;
	[$columns[] | class_of([])] as $classes
	| "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\($caption | @html)\"><table\(if any($columns[]; .tall) then " class=\"dense\"" else "" end)>\n"
	+ "<caption\(if $class == "" then "" else " class=\"\($class)\"" end)><span>\($caption | @html)</span></caption>\n<thead><tr>"
	+ ([$columns[] | "<th scope=\"col\"\(class_of(if .tall then ["t"] else [] end))>" + (if .tall then "<span>\(.name | @html)</span>" else .name | @html end) + "</th>"] | join(""))
	+ "</tr></thead>\n<tbody>\n"
	+ ([$rows[] | [range(length) as $i | .[$i] as $cell
		| if $i == 0 then "<th scope=\"row\"\($classes[$i])>\($cell)</th>"
		  else "<td\($classes[$i])>\($cell)</td>" end] | "<tr>" + join("") + "</tr>\n"] | join(""))
	+ "</tbody></table></div>\n";

def table($caption; $columns; $rows): table(""; $caption; $columns; $rows);

# Links to the other pages: [[address, words]]; the present one is marked.
def menu($here):
	"<nav aria-label=\"Pages\">" + ([.[] | "<a href=\"\(.[0] | @html)\"\(if .[0] == $here then " aria-current=\"page\"" else "" end)>\(.[1] | @html)</a>"] | join(" ")) + "</nav>\n";

# The menu of what gc-serve adds to a page, and the page's own data.
def links:
	if .served == null then ""
	else .served as $s | $s.menu | menu($s.here) end;

# Results that are older than they should be, and what could not be read.
def warnings:
	if .served == null then ""
	else (if .served.stale then "<p class=\"stale\">These results are \(.served.age | old): nothing newer has come since \(.served.updated | day), \(.served.updated | clock).</p>\n" else "" end)
	+ ([.served.problems[]? | "<p class=\"stale\">Left out: \(. | text)</p>\n"] | join(""))
	end;

# Where a page's numbers come from, and the same as data.
def origin:
	if .served == null then ""
	else "<p class=\"soft origin\">"
	+ ([(.served.name // empty | text),
	    (if .served.updated then "\(.served.updated | day), \(.served.updated | clock)\(if .served.age then "; \(.served.age | ago)" else "" end)" else empty end),
	    (.served.data[]? | "<a href=\"\(.[0] | @html)\">\(.[1] | @html)</a>")] | join(" \u00b7 "))
	+ "</p>\n" end;

def lead: if (.lead // "") == "" then "" else "<p class=\"lead\">\(.lead | @html | gsub("(?<x> \\([^()]*\\))"; "<span class=\"rests\">\(.x)</span>") | gsub("(?<x>\\b[0-9]{4}-[0-9]{2}-[0-9]{2}\\b)"; "<span class=\"w\">\(.x)</span>"))</p>\n" end;

# ---- pictures ----
#
# Each says in words what it is. Sizes are in CSS pixels; colours are classes,
# so that they follow the reader's light, dark or paper.

def r1: . * 10 | round / 10;

# An interval of shares on 0 to 1, and the share in it.
def range_svg($v; $low; $high):
	def x: [[., 0] | max, 1] | min * 100 + 4 | r1;
	if $v == null then ""
	else "<svg class=\"range\" aria-hidden=\"true\" width=\"108\" height=\"16\" viewBox=\"0 0 108 16\"><path class=\"zero\" d=\"M4 8H104\"/>"
	+ (if $low != null and $high != null then "<path class=\"ci\" d=\"M\($low | x) 8H\($high | x)\"/>" else "" end)
	+ "<circle cx=\"\($v | x)\" cy=\"8\" r=\"4\"/></svg>" end;

# A bar of a share of the longest.
def bar_svg($share):
	"<svg class=\"bar\" aria-hidden=\"true\" width=\"120\" height=\"14\" viewBox=\"0 0 120 14\"><rect width=\"\([$share * 120, 1] | max | r1)\" height=\"14\" rx=\"2\"/></svg>";

# Numbers as at most $most of them, each the mean of its neighbours.
def thinned($most):
	. as $y | length as $n
	| if $n <= $most then .
	else [range($most) as $i | ($i * $n / $most | floor) as $a | (($i + 1) * $n / $most | floor) as $b
		| ($y[$a:$b] | add) / ($b - $a)] end;

# Numbers as a small line; . is a list.
def spark_svg:
	thinned(60) | . as $y | length as $n | (max // 0) as $m
	| if $n < 2 or $m == 0 then ""
	else "<svg class=\"spark\" aria-hidden=\"true\" width=\"120\" height=\"22\" viewBox=\"0 0 120 22\"><path d=\"M"
	+ ([range($n) | "\(. * 116 / ($n - 1) + 2 | r1) \(20 - $y[.] / $m * 18 | r1)"] | join("L")) + "\"/></svg>" end;

# A round step for an axis from 0 to ., with at most about six of them.
def step:
	if . <= 0 then 1
	else (. / 5) as $x | pow(10; $x | log10 | floor) as $p
	| ([1, 2, 5, 10][] | select(. * $p >= $x) | . * $p) end;
def first_step: [step][0];

# Days since 1970 of a day's text, and back.
def to_days: "\(.[0:10])T00:00:00Z" | fromdateiso8601 / 86400;
def of_days: . * 86400 | todateiso8601[0:10];

# Counts by day, a line each: {first, per, series: [{name, y}]}, a point for
# each `per` days, their mean. Lines differ by colour, by mark and by dash, and
# are named in words and at their ends.
def mark($k; $x; $y):
	[ "<circle cx=\"\($x)\" cy=\"\($y)\" r=\"3.2\"/>",
	  "<rect x=\"\($x - 3 | r1)\" y=\"\($y - 3 | r1)\" width=\"6\" height=\"6\"/>",
	  "<path class=\"m\" d=\"M\($x) \($y - 4 | r1)l4 7h-8z\"/>",
	  "<path class=\"m\" d=\"M\($x) \($y - 4.2 | r1)l4.2 4.2l-4.2 4.2l-4.2 -4.2z\"/>",
	  "<path class=\"m\" d=\"M\($x) \($y + 4 | r1)l4 -7h-8z\"/>",
	  "<circle class=\"o\" cx=\"\($x)\" cy=\"\($y)\" r=\"3\"/>",
	  "<rect class=\"o\" x=\"\($x - 2.8 | r1)\" y=\"\($y - 2.8 | r1)\" width=\"5.6\" height=\"5.6\"/>" ][$k % 7];

def lines_svg($id; $title; $desc; $unit):
	.first as $first | .per as $per | (.series[0].y | length) as $n
	| ([.series[].y[]] | max) as $most | ([$most, 1] | max | first_step) as $s
	| (($most / $s | ceil) * $s | if . == 0 then 1 else . end) as $top
	| def x: if $n < 2 then 472 else . * 840 / ($n - 1) + 52 end | r1;
	  def y: 250 - . / $top * 220 | r1;
	  ([range(0; $n; ([($n / 10 | ceil), 1] | max))]) as $ticks
	| "<svg class=\"lines\" role=\"img\" aria-labelledby=\"\($id)-t \($id)-d\" viewBox=\"0 0 920 \(292 + 22 * (.series | length))\" width=\"920\" height=\"\(292 + 22 * (.series | length))\">\n<title id=\"\($id)-t\">\($title | @html)</title><desc id=\"\($id)-d\">\($desc | @html)</desc>\n"
	+ "<text class=\"axis\" x=\"8\" y=\"14\">\($unit | @html)</text>"
	+ ([range(0; $top + $s / 2; $s) | "<path class=\"grid\" d=\"M52 \(y)H892\"/><text class=\"axis\" text-anchor=\"end\" x=\"44\" y=\"\(y + 4)\">\(count)</text>"] | join(""))
	+ ([$ticks[] | . as $i | "<text class=\"axis\" text-anchor=\"middle\" x=\"\([$i | x, 880] | min)\" y=\"272\">\(($first | to_days) + $i * $per | of_days | (if $n * $per > 300 then .[:7] else .[5:] end) | @html)</text>"] | join("")) + "\n"
	+ ([.series | to_entries[] | .key as $k | .value as $v
	| "<g class=\"c\($k % 7)\"><path class=\"l\" d=\"M" + ([$v.y | to_entries[] | "\(.key | x) \(.value | y)"] | join("L")) + "\"/>"
	+ (if $n <= 62 then [$v.y | to_entries[] | mark($k; .key | x; .value | y)] | join("") else "" end)
	+ "<path class=\"l\" d=\"M52 \(296 + 22 * $k)H84\"/>" + mark($k; 68; 296 + 22 * $k)
	+ "<text x=\"94\" y=\"\(300 + 22 * $k)\">\($v.name | clip(48) | @html): \($v.total | count)</text></g>\n"] | join(""))
	+ "</svg>\n";

# How scores are spread over [0,1]: {bins, threshold}.
def hist_svg($id; $title; $desc):
	.bins as $b | .threshold as $t | ($b | length) as $n | ($b | max) as $m
	| ([$m, 1] | max | first_step) as $s | (($m / $s | ceil) * $s) as $top
	| def y: 220 - . / $top * 190 | r1;
	  "<svg class=\"hist\" role=\"img\" aria-labelledby=\"\($id)-t \($id)-d\" viewBox=\"0 0 920 262\" width=\"920\" height=\"262\">\n<title id=\"\($id)-t\">\($title | @html)</title><desc id=\"\($id)-d\">\($desc | @html)</desc>\n"
	+ "<text class=\"axis\" x=\"8\" y=\"14\">contacts</text><text class=\"axis\" x=\"892\" y=\"256\" text-anchor=\"end\">score</text>"
	+ ([range(0; $top + $s / 2; $s) | "<path class=\"grid\" d=\"M52 \(y)H892\"/><text class=\"axis\" text-anchor=\"end\" x=\"44\" y=\"\(y + 4)\">\(count)</text>"] | join(""))
	+ ([range($n) | . as $i | (840 / $n) as $w
	| "<rect class=\"\(if ($i + 0.5) / $n >= $t then "hit" else "b" end)\" x=\"\(52 + $i * $w + 1 | r1)\" y=\"\($b[$i] | y)\" width=\"\($w - 2 | r1)\" height=\"\(220 - ($b[$i] | y) | r1)\"><title>\($i / $n | fixed(2)) to \(($i + 1) / $n | fixed(2)): \($b[$i] | count)</title></rect>"] | join(""))
	+ ([0, 0.25, 0.5, 0.75, 1 | "<text class=\"axis\" text-anchor=\"middle\" x=\"\(52 + . * 840)\" y=\"238\">\(fixed(2))</text>"] | join(""))
	+ "<path class=\"cut\" d=\"M\(52 + $t * 840 | r1) 22V220\"/><text text-anchor=\"end\" x=\"\(46 + $t * 840 | r1)\" y=\"30\">from \($t) on</text></svg>\n";

# ---- the matrix: {view, pairs, n} ----

def heat_title: "Confusion matrix of \(.n | plural("utterance"; "utterances"))";

def heat_desc:
	"Rows are actual intents, columns predicted ones; the stronger a cell\u2019s colour, the larger its share of the actual intent."
	+ (if (.pairs | length) > 0 then " Most often confused: \(.pairs[0].actual) was taken for \(.pairs[0].predicted), \(.pairs[0].n | plural("time"; "times"))." else " Nothing was confused." end);

def heat:
	. as $in | .view as $v | ($v.labels | length) as $n
	| (if $n <= 6 then 64 elif $n <= 10 then 54 elif $n <= 16 then 44 else 36 end) as $s
	| (if $n <= 10 then 14 else 12 end) as $f
	| ([$v.labels[] | [length, 30] | min] | max // 0) as $len
	| ($len * $f * 0.58 + 34 | floor) as $left
	| ($left + $n * $s) as $right | ($n * $s + 6) as $floor
	| ($floor + $len * $f * 0.42 + 44 | floor) as $bottom
	| "<svg class=\"heat\" role=\"img\" aria-labelledby=\"heat-t heat-d\" viewBox=\"0 0 \($right + 6) \($bottom)\" width=\"\($right + 6)\" height=\"\($bottom)\">\n"
	+ "<title id=\"heat-t\">\($in | heat_title | @html)</title><desc id=\"heat-d\">\($in | heat_desc | @html)</desc>\n"
	+ "<text class=\"axis\" font-size=\"13\" text-anchor=\"middle\" transform=\"translate(13 \($floor / 2)) rotate(-90)\">actual</text>"
	+ "<text class=\"axis\" font-size=\"13\" text-anchor=\"middle\" x=\"\(($left + $right) / 2)\" y=\"\($bottom - 6)\">predicted</text>\n"
	+ ([range($n) as $i | ($i * $s + 3) as $y
	| "<text font-size=\"\($f)\" text-anchor=\"end\" x=\"\($left - 8)\" y=\"\($y + $s / 2 + $f * 0.35)\">\($v.labels[$i] | clip(30) | @html)</text>"
	+ "<text font-size=\"\($f)\" text-anchor=\"end\" transform=\"translate(\($left + $i * $s + $s / 2 + 4) \($floor + 10)) rotate(-45)\">\($v.labels[$i] | clip(30) | @html)</text>\n"
	+ ([range($n) as $j | ($left + $j * $s) as $x | $v.cells[$i][$j] as $c
	| if $c == 0 then "<rect class=\"e\" x=\"\($x + 0.5)\" y=\"\($y + 0.5)\" width=\"\($s - 1)\" height=\"\($s - 1)\"/>"
	  else ([$f, $s * 1.45 / ([$c | tostring | length, 2] | max)] | min) as $t
	  | "<g><title>\($v.labels[$i] | @html) \u2192 \($v.labels[$j] | @html): \($c | count), \($v.shares[$i][$j] | percent)</title>"
	  + "<rect x=\"\($x)\" y=\"\($y)\" width=\"\($s)\" height=\"\($s)\" class=\"s\($v.steps[$i][$j])\"/>"
	  + "<text class=\"i\($v.steps[$i][$j])\" font-size=\"\($t)\" text-anchor=\"middle\" x=\"\($x + $s / 2)\" y=\"\($y + $s / 2 + $t * 0.35)\">\($c)</text></g>"
	  end] | join("")) + "\n"] | join(""))
	+ "</svg>\n";

# What the colours mean, as a row of them.
def scale:
	length as $n
	| "0% <svg class=\"heat key\" width=\"\($n * 8)\" height=\"14\" viewBox=\"0 0 \($n * 8) 14\" aria-hidden=\"true\">"
	+ ([range($n) | "<rect x=\"\(. * 8)\" width=\"8\" height=\"14\" class=\"s\(.)\"/>"] | join("")) + "</svg> 100% of the row";

# The steps of the scale as rules: by day and on paper, and by night.
def scale_style:
	def rules($fill; $ink): [range(length) as $i
		| ".heat .s\($i){fill:\(.[$i][$fill])}.heat .i\($i){fill:\(.[$i][$ink])}"] | join("");
	if . == null then ""
	else .scale | rules("light"; "light_ink")
	+ "\n@media screen and (prefers-color-scheme:dark){" + rules("dark"; "dark_ink") + "}\n" end;

def heat_words:
	"Each row is what callers wanted, each column what the bot took it for: on the diagonal it was right. "
	+ (if .view.others > 0 then "Shown are the \((.view.labels | length) - 1) intents with the most errors; the \(.view.others) others are added up, and listed below. " else "" end)
	+ "The stronger the colour, the larger the share of the row.";

def heat_figure:
	"<figure>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Confusion matrix\">\n" + heat + "</div>\n<figcaption>\(.view.scale | scale); \(.n | plural("utterance"; "utterances"))";

# The labels that are added up, one by one.
def rest_table:
	if (.rest | length) == 0 then ""
	else "<details><summary>The \(.rest | length) others, one by one</summary>\n"
	+ table("Intents that the matrix adds up; how often the bot was right, with its 95% interval";
		[{name: "Intent"}, {name: "Utterances", number: true}, {name: "Right", number: true}, {name: "Interval", number: true}, {name: "Drawn", drawn: true}];
		[.rest[] | [(.label | text), (.n | count), (.right | percent),
			(if .low == null then "\u2013" else "\(.low | percent) to \(.high | percent)" end), range_svg(.right; .low; .high)]])
	+ "</details>\n" end;

# ---- drift ----

# A difference with its interval as a bar from the middle; $m is the largest.
def shift($m):
	def x: . / $m * 76 + 80 | r1;
	(.difference // 0) as $d | ([$d, 0] | min | x) as $a | ([$d, 0] | max | x) as $b
	| "<svg class=\"shift\" aria-hidden=\"true\" width=\"160\" height=\"18\" viewBox=\"0 0 160 18\"><path class=\"zero\" d=\"M80 0v18\"/>"
	+ "<rect class=\"\(if $d < 0 then "down" else "up" end)\" x=\"\($a)\" y=\"4\" width=\"\($b - $a | r1)\" height=\"10\"/>"
	+ (if .low != null and .high != null then "<path class=\"ci\" d=\"M\(.low | x) 9H\(.high | x)\"/>" else "" end) + "</svg>";

def moved_word:
	if . == "new" then "<span class=\"up\">new</span>"
	elif . == "vanished" then "<span class=\"down\">vanished</span>"
	elif . == "up" then "<span class=\"up\">\u25b2 more</span>"
	elif . == "down" then "<span class=\"down\">\u25bc less</span>"
	else . // "\u2013" | @html end;

# Categories of a drift, at most $most: what moved, by how much.
def shift_table($caption; $most):
	.[:$most] as $shown
	| ([$shown[] | .low, .high, .difference | select(. != null) | fabs] | max // 0 | if . == 0 then 1 else . end) as $m
	| table($caption;
		[{name: "Intent"}, {name: "Baseline", number: true}, {name: "Now", number: true}, {name: "Change", number: true}, {name: "Interval", number: true}, {name: "Drawn", drawn: true}, {name: "Verdict"}];
		[$shown[] | [(.category | text), (.baseline | percent), (.current | percent), (.difference | points),
			(if .low != null then "\(.low | points) to \(.high | points)" else "\u2013" end), shift($m), (.status | moved_word)]]);

def style: "
:root{--shade:#0002;--bg:#f4f6f8;--card:#fff;--ink:#1a2027;--soft:#4f5b67;--line:#d5dbe1;--cell:#e6eaee;
--good:#0b6b50;--goodbg:#e2f4ec;--warn:#8f3a06;--warnbg:#fdeee0;--none:#4f5b67;--nonebg:#e9edf1;
--up:#0b62a8;--down:#b3500b;--b:#9db8d2;
--c0:#0072b2;--c1:#c24e00;--c2:#00785a;--c3:#a8447e;--c4:#8a6500;--c5:#3a7ca5;--c6:#333;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--shade:#fff3;--bg:#0e1216;--card:#171d23;--ink:#e8edf2;--soft:#a3afbb;--line:#333d47;--cell:#28313a;
--good:#6fdcb4;--goodbg:#11352a;--warn:#ffb480;--warnbg:#43260f;--none:#a3afbb;--nonebg:#252d35;--up:#6cb6f5;--down:#f2a264;--b:#3d5a78;
--c0:#6cb6f5;--c1:#f2a264;--c2:#5fd0a8;--c3:#e79cc8;--c4:#e3c260;--c5:#9fd4ef;--c6:#d8dee4}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif}
main{max-width:68rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem;letter-spacing:-.01em}
h2{font-size:1.2rem;line-height:1.3;margin:0 0 .25rem}
p{margin:.25rem 0 .75rem;max-width:46rem}
p,li,dd,h1,summary{overflow-wrap:anywhere}
a{color:inherit}
.soft,figcaption,caption,footer{color:var(--soft)}
.origin{max-width:none;font-size:.95rem}.lead{font-size:1.15rem;line-height:1.55;margin:.75rem 0 1.5rem;max-width:60rem}.rests{color:var(--soft);font-size:.95rem}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.25rem 1.25rem 1rem;margin:0 0 1.25rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:1rem;margin:0 0 1.25rem}
.tiles>div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.9rem 1.1rem}
dt{color:var(--soft);font-size:.9rem}
dd{margin:0}
dd.big{font-size:1.5rem;font-weight:600;line-height:1.35;font-variant-numeric:tabular-nums}
dd.note{color:var(--soft);font-size:.9rem}
.tiles.three{grid-template-columns:repeat(auto-fit,minmax(14rem,1fr))}
.tiles>div.status{grid-column:span 2;border-width:2px}
.status dd.big{display:flex;align-items:center;gap:.6rem}
.status svg{width:1.6rem;height:1.6rem;flex:none}
.good{background:var(--goodbg)!important;border-color:var(--good)!important}.good dd.big{color:var(--good)}
.warn{background:var(--warnbg)!important;border-color:var(--warn)!important}.warn dd.big{color:var(--warn)}
.none{background:var(--nonebg)!important;border-color:var(--none)!important}.none dd.big{color:var(--none)}
.good dt,.good .note,.warn dt,.warn .note,.none dt,.none .note{color:var(--ink)}
figure{margin:.75rem 0}
figure .scroll svg{display:block;max-width:none}.paper{background:#fff;border:1px solid var(--line);border-radius:10px;padding:.5rem}figcaption svg{vertical-align:-1px}
.heat text{fill:var(--ink);font-family:inherit}
.heat rect{stroke:var(--cell)}.heat .e{fill:none}.key rect{stroke:none}
.heat .axis{fill:var(--soft)}
.scroll{overflow-x:auto;margin:.5rem 0;background:linear-gradient(90deg,var(--card) 40%,transparent) 0 0/2.5rem 100% no-repeat local,linear-gradient(270deg,var(--card) 40%,transparent) 100% 0/2.5rem 100% no-repeat local,linear-gradient(90deg,var(--shade),transparent) 0 0/.8rem 100% no-repeat scroll,linear-gradient(270deg,var(--shade),transparent) 100% 0/.8rem 100% no-repeat scroll}
.scroll:focus-visible,summary:focus-visible{outline:3px solid var(--up);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.95rem}td svg{margin:.28rem 0 0}
caption{text-align:left;padding:0 0 .4rem;font-size:.95rem}caption span{display:block;position:sticky;left:0;width:fit-content;max-width:min(60rem,calc(100vw - 4rem))}
.vh{padding:0;height:0;overflow:hidden;font-size:0;line-height:0}.k::before{content:\",\"}.w,time{white-space:nowrap}
th,td{padding:.3rem 1rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
.t{height:1px}.t span{display:inline-block;writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;max-height:14rem;overflow:hidden;text-overflow:ellipsis}
.dense th,.dense td{padding-right:.7rem}.dense th[scope=row]{position:sticky;left:0;background:var(--card)}
thead th{font-weight:600;border-bottom:2px solid var(--line);vertical-align:bottom}
tbody th{font-weight:400}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.total th,.total td{font-weight:600}
.shift,.range,.bar,.spark{display:block}
.range .ci{stroke:var(--up);stroke-width:3;stroke-linecap:round}.range circle{fill:var(--up)}.range .zero{stroke:var(--line)}
.bar rect{fill:var(--up)}.g1 .bar rect{fill:var(--down)}
.spark path{fill:none;stroke:var(--up);stroke-width:1.6;stroke-linejoin:round}
.sure{display:block;color:var(--soft);font-size:.8rem}
.lines,.hist{font-size:13px;width:100%;min-width:40rem;height:auto}.lines text,.hist text{fill:var(--ink)}.lines .axis,.hist .axis{fill:var(--soft)}
.grid{stroke:var(--line);fill:none}.hist .b{fill:var(--b)}.hist .hit{fill:var(--up)}.hist .cut{stroke:var(--down);stroke-width:2;stroke-dasharray:5 4}
.l{fill:none;stroke-width:2;stroke-linejoin:round}.o{fill:var(--card)!important;stroke-width:1.8}
.c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}.c5{--c:var(--c5)}.c6{--c:var(--c6)}
.lines g .l,.lines g .o{stroke:var(--c)}.lines g circle,.lines g rect,.lines g .m{fill:var(--c)}
.c1 .l{stroke-dasharray:7 3}.c2 .l{stroke-dasharray:2 3}.c3 .l{stroke-dasharray:9 3 2 3}.c4 .l{stroke-dasharray:4 2}.c5 .l{stroke-dasharray:12 4}.c6 .l{stroke-dasharray:1 4}
.empty{text-align:center;padding:3rem 1.25rem;color:var(--soft)}.empty p{margin:0 auto}
.shift .up{fill:var(--up)}.shift .down{fill:var(--down)}.shift .ci{stroke:var(--ink)}.shift .zero{stroke:var(--soft)}
.up{color:var(--up)}.down{color:var(--down)}
details{margin:.5rem 0}summary{cursor:pointer;padding:.25rem 0}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.85em}td code{white-space:nowrap}.note code{overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0 0 1rem;font-size:.95rem}nav a{color:var(--soft);padding:.15rem 0}
nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration:none;border-bottom:2px solid var(--up)}
.stale{background:var(--warnbg);color:var(--warn);border:1px solid var(--warn);border-radius:10px;padding:.6rem 1rem;margin:0 0 1.25rem;max-width:none}
img{display:block;max-width:100%;height:auto;background:#fff;border-radius:6px;margin:.5rem 0}
a:focus-visible{outline:3px solid var(--up);outline-offset:2px}
.line{display:block;margin:.5rem 0 0;font-size:13px;width:100%;min-width:40rem;height:auto}.line .ci{stroke:var(--up);stroke-width:2;opacity:.55}.line path{fill:none;stroke:var(--up);stroke-width:2}.line circle{fill:var(--up)}.line .zero{stroke:var(--line);stroke-width:1}.line text{fill:var(--soft)}
footer{font-size:.9rem}footer dl{margin:0}footer dt{font-weight:600;margin-top:.5rem}
@media (max-width:60rem){.tiles{grid-template-columns:repeat(3,1fr)}.tiles>div.status{grid-column:1/-1}.d{display:none}}
@media (max-width:40rem){th,td{padding-right:.7rem}.tiles,.tiles.three{grid-template-columns:1fr 1fr;gap:.6rem}.tiles>div{padding:.7rem .8rem}.tiles>div.status,.tiles>div:last-child{grid-column:1/-1}
dd.big{font-size:1.2rem}.status dd.big{font-size:1.4rem}.lead{font-size:1.05rem}main{padding:1.25rem .9rem 2rem}section{padding:1rem .9rem .75rem}}
@media print{:root{--shade:transparent;--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999;--cell:#ccc;color-scheme:light;
--good:#0b6b50;--goodbg:#fff;--warn:#8f3a06;--warnbg:#fff;--none:#333;--nonebg:#fff;--up:#0b62a8;--down:#b3500b;--b:#9db8d2;
--c0:#0072b2;--c1:#c24e00;--c2:#00785a;--c3:#a8447e;--c4:#8a6500;--c5:#3a7ca5;--c6:#333}
html{font-size:80%}body{font-size:1rem}figure svg.heat{max-width:100%;max-height:17cm;height:auto}nav,details:not([open]){display:none}.dense{font-size:.68em}main{max-width:none;padding:0}section{border:0;padding:0;break-inside:auto}
figure,tr,.tiles>div{break-inside:avoid}h2,h2+p,caption{break-after:avoid}.scroll{overflow:visible}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
";

# The frame. No script, no font, no picture from anywhere: the policy forbids
# what the page does not have. $css: rules of the page's own; $pictures: its
# own server has some.
def frame($title; $css; $pictures; $body):
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	+ "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';\(if $pictures then " img-src 'self';" else "" end) base-uri 'none'; form-action 'none'\">\n"
	+ "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	+ "<meta name=\"referrer\" content=\"no-referrer\">\n"
	+ (if $pictures then "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/icon.svg\">\n" else "" end)
	+ "<title>\($title | @html)</title>\n<style>\(style)\($css)</style>\n</head>\n<body>\n<main>\n"
	+ $body + "</main>\n</body>\n</html>\n";

def frame($title; $body): frame($title; ""; false; $body);
