# page.jq -- what the pages share: numbers, tables, the frame.
#
# These definitions stand before each page's own program. Whatever comes from
# data goes through @html; a string that is already markup is only ever put
# together with +.

# ---- numbers, in plain English ----

# A number with $d decimals, rounded half up.
def fixed($d):
	if . < 0 then "\u2212" + (0 - . | fixed($d))
	else (. * pow(10; $d) + 0.5 | floor | tostring) as $s
	| (if ($s | length) <= $d then "0" * ($d + 1 - ($s | length)) + $s
	   else $s end)
	| if $d == 0 then . else .[:-$d] + "." + .[-$d:] end
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
	else ($log10 | floor) as $e
	| "\(pow(10; $log10 - $e) | fixed(1))e\($e)"
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

# A table: rows are arrays of cells, a cell is markup or a number's text. The
# first of a row is its header. $columns: [{name, number}].
def table($caption; $columns; $rows):
	"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\($caption | @html)\"><table>\n"
	+ "<caption>\($caption | @html)</caption>\n<thead><tr>"
	+ ([$columns[] | "<th scope=\"col\"\(if .number then " class=\"n\"" else "" end)>\(.name | @html)</th>"] | join(""))
	+ "</tr></thead>\n<tbody>\n"
	+ ([$rows[] | [range(length) as $i | .[$i] as $cell
		| (if $columns[$i].number then " class=\"n\"" else "" end) as $class
		| if $i == 0 then "<th scope=\"row\"\($class)>\($cell)</th>"
		  else "<td\($class)>\($cell)</td>" end] | "<tr>" + join("") + "</tr>\n"] | join(""))
	+ "</tbody></table></div>\n";

# Links to the other pages: [[address, words]]; the present one is marked.
def menu($here):
	"<nav aria-label=\"Pages\">" + ([.[] | "<a href=\"\(.[0] | @html)\"\(if .[0] == $here then " aria-current=\"page\"" else "" end)>\(.[1] | @html)</a>"] | join(" ")) + "</nav>\n";

# Text from data, set apart so that its direction of writing stays its own.
def text: "<bdi>\(. | tostring | @html)</bdi>";

def style: "
:root{--bg:#f4f6f8;--card:#fff;--ink:#1a2027;--soft:#4f5b67;--line:#d5dbe1;--cell:#e6eaee;
--good:#0b6b50;--goodbg:#e2f4ec;--warn:#8f3a06;--warnbg:#fdeee0;--none:#4f5b67;--nonebg:#e9edf1;
--up:#0b62a8;--down:#b3500b;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--bg:#0e1216;--card:#171d23;--ink:#e8edf2;--soft:#a3afbb;--line:#333d47;--cell:#28313a;
--good:#6fdcb4;--goodbg:#11352a;--warn:#ffb480;--warnbg:#43260f;--none:#a3afbb;--nonebg:#252d35;--up:#6cb6f5;--down:#f2a264}}
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
.lead{font-size:1.1rem;margin:.75rem 0 1.5rem}
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
.scroll{overflow-x:auto;margin:.5rem 0}
.scroll:focus-visible,summary:focus-visible{outline:3px solid var(--up);outline-offset:2px}
table{border-collapse:collapse;min-width:min(100%,44rem);font-size:.95rem}
caption{text-align:left;padding:0 0 .4rem;font-size:.95rem}
th,td{padding:.3rem 1rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{font-weight:600;border-bottom:2px solid var(--line);vertical-align:bottom}
tbody th{font-weight:400}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.total th,.total td{font-weight:600}
.shift{display:block}
.shift .up{fill:var(--up)}.shift .down{fill:var(--down)}.shift .ci{stroke:var(--ink)}.shift .zero{stroke:var(--soft)}
.up{color:var(--up)}.down{color:var(--down)}
details{margin:.5rem 0}summary{cursor:pointer;padding:.25rem 0}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.85em}td code{white-space:nowrap}.note code{overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0 0 1rem;font-size:.95rem}nav a{color:var(--soft);padding:.15rem 0}
nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration:none;border-bottom:2px solid var(--up)}
.stale{background:var(--warnbg);color:var(--warn);border:1px solid var(--warn);border-radius:10px;padding:.6rem 1rem;margin:0 0 1.25rem;max-width:none}
img{display:block;max-width:100%;height:auto;background:#fff;border-radius:6px;margin:.5rem 0}
a:focus-visible{outline:3px solid var(--up);outline-offset:2px}
.line{display:block;margin:.5rem 0 0}.line path{fill:none;stroke:var(--up);stroke-width:2}.line circle{fill:var(--up)}.line .zero{stroke:var(--line);stroke-width:1}.line text{fill:var(--soft);font-size:12px}
footer{font-size:.9rem}footer dl{margin:0}footer dt{font-weight:600;margin-top:.5rem}
@media (max-width:34rem){.tiles>div.status{grid-column:auto}main{padding-top:1.25rem}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999;--cell:#ccc;color-scheme:light;
--good:#0b6b50;--goodbg:#fff;--warn:#8f3a06;--warnbg:#fff;--none:#333;--nonebg:#fff;--up:#0b62a8;--down:#b3500b}
html{font-size:80%}body{font-size:1rem}figure svg.heat{max-width:100%;height:auto}main{max-width:none;padding:0}section{border:0;padding:0;break-inside:auto}
figure,tr,.tiles>div{break-inside:avoid}h2{break-after:avoid}.scroll{overflow:visible}
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
