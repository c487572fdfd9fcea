# report.jq -- a report as a page: its sentence, its picture, its tables.
#
# Input: {title, lead, served (what gc-serve adds, or null), chart (what to
# draw, or null), tables: [{title, columns: [{name, kind, number}], rows: [[text
# or null]]}]}. Numbers come rounded, as text. chart.type is heat, lines, dots,
# bars or shift.

# ---- the picture ----

def section_of($id; $heading; $words; $body):
	if $body == "" then ""
	else "<section aria-labelledby=\"\($id)\">\n<h2 id=\"\($id)\">\($heading | @html)</h2>\n"
	+ (if $words == "" then "" else "<p>\($words | @html)</p>\n" end) + $body + "</section>\n" end;

def scroll($words): "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\($words | @html)\">\n" + . + "</div>\n";

def lines_chart:
	. as $c
	| if (.series | length) == 0 then ""
	else ([.series[] | "\(.name) \(.total | count)"] | join(", ")) as $totals
	| (if .per > 1 then ", means of \(.per) days" else "" end) as $means
	| section_of("lines"; (if .per > 1 then "Over time" else "Day by day" end); (if .all > (.series | length) then "The \(.series | length) mentioned most, of \(.all)." else "" end);
		"<figure>" + ($c | lines_svg("l"; "Mentions day by day"; "A line for each product, from \($c.first) on\($means). In all: \($totals)."; "mentions a day\($means)") | scroll("Mentions day by day")) + "</figure>\n")
	end;

def capital: (.[:1] | ascii_upcase) + .[1:];

# Counts in groups, with their share of all where that is known.
def bars_chart:
	.of as $of
	| ([.groups[].bars[].n] | max // 1) as $most
	| [.groups | to_entries[] | .key as $k | .value as $g
	| section_of("bars\($k)"; "\($g.name | capital)s";
		(if $g.all > ($g.bars | length) then "The \($g.bars | length) named most, of \($g.all | count)." else "" end);
		"<figure class=\"bars g\($k % 2)\">" + table("\($g.name | capital)s by how often they are named" + (if $of then ", of \($of | plural("interaction"; "interactions"))" else "" end);
			[{name: ($g.name | capital)}, {name: "Drawn"}, {name: "Times", number: true}] + (if $of then [{name: "Share", number: true}, {name: "95% interval", number: true}] else [] end);
			[$g.bars[] | [(.name | text), bar_svg(.n / ([$most, 1] | max)), (.n | count)]
				+ (if $of then [(.share | percent), (if .low == null then "\u2013" else "\(.low | percent) to \(.high | percent)" end)] else [] end)])
		+ "</figure>\n")] | join("");

# Shares on their intervals; and how scores are spread.
def dots_chart:
	if .bins then
	   ("Of \(.bins | add | plural("contact"; "contacts")), \([.bins as $b | .threshold as $t | range($b | length) | select((. + 0.5) / ($b | length) >= $t) | $b[.]] | add // 0 | count) score \(.threshold) or more.") as $desc
	   | . as $c
	   | section_of("spread"; "How the scores are spread"; ""; "<figure>" + ($c | hist_svg("h"; "Scores of contacts"; $desc) | scroll("Scores of contacts")) + "</figure>\n")
	else "" end;

def shift_chart:
	if (.categories | length) == 0 then ""
	else section_of("moved"; "What moved"; "";
		.categories | shift_table("Most certainly moved first; shares of all utterances, the change in percentage points with its interval"; 20))
	end;

def heat_chart:
	if .view == null then ""
	else section_of("matrix"; "What the bot makes of what callers want"; heat_words;
		heat_figure + "</figcaption>\n</figure>\n")
	end;

def picture:
	if .chart == null then ""
	elif .chart.type == "lines" then .chart | lines_chart
	elif .chart.type == "bars" then .chart | bars_chart
	elif .chart.type == "dots" then .chart | dots_chart
	elif .chart.type == "shift" then .chart | shift_chart
	elif .chart.type == "heat" then .chart | heat_chart
	else "" end;

# ---- the tables ----

def spark_cell: if . == null or . == "" then "" else [split(" ")[] | select(. != "") | tonumber] | spark_svg end;

def cell($kind):
	if . == null then (if $kind == "spark" or $kind == "dot" then "" else "\u2013" end)
	elif $kind == "spark" then spark_cell
	elif $kind == "dot" then range_svg(.value; .low; .high)
	elif $kind == "text" then text
	else sub("^-"; "\u2212") | @html | grouped end;

# A column's name for people; one that is data stays as it is.
def heading:
	if .own then .name |= ({"p_value": "p", "p_adjusted": "Adjusted p", "log10_p": "log10 p", "cramers_v": "Cram\u00e9r\u2019s V",
		"n_baseline": "Baseline", "n_current": "Now", "recorded_date": "Date", "product_name": "Product", "mention_count": "Mentions",
		"baseline_count": "Baseline count", "current_count": "Count now", "current": "Now"}[.] // (gsub("_"; " ") | capital))
	else . end;

def rows_of:
	.columns as $c
	| [.rows[] | [to_entries[] | .value as $v | $c[.key].kind as $k | $v | cell($k)]];

# A table's figures on their intervals, where the chart knows them by name.
def with_dots($rows):
	if ($rows | length) == 0 then .
	else .columns += [{name: "Drawn", kind: "dot", drawn: true}]
	| .rows |= map(.[0] as $name | . + [[$rows[] | select(.name == $name)][0] // null])
	end;

def one($i):
	([.columns[] | select(.own | not)] | length > 6) as $tall
	| .columns |= map(heading + {tall: ($tall and (.own | not) and .kind == "number")})
	| . as $t
	| (.rows | length) as $n
	| (.title // "The numbers") as $title
	| "<section aria-labelledby=\"t\($i)\">\n<h2 id=\"t\($i)\">\($title | @html)</h2>\n"
	+ (if $n == 0 then "<p class=\"soft\">There is nothing to show here yet.</p>\n"
	   elif $n > 40 then
	     table("\($title): the first 20 of \($n | plural("row"; "rows"))"; .columns; $t | .rows |= .[:20] | rows_of)
	     + "<details><summary>The other \($n - 20 | count)</summary>\n"
	     + table("\($title): the rest"; .columns; $t | .rows |= .[20:] | rows_of) + "</details>\n"
	   else table("vh"; "\($title): \($n | plural("row"; "rows"))"; .columns; rows_of) end)
	+ "</section>\n";

# The tables from the $from-th up to, not including, the $to-th.
def tables($from; $to):
	(if .chart.type == "dots" then .chart.rows else [] end) as $dots
	| [.tables | to_entries[$from:$to][] | .key as $i | .value
	| (if $i == 0 then with_dots($dots) else . end) | one($i)] | join("");

# What can be shown, where there is nothing yet.
def empty_state:
	if .served.empty then "<section class=\"empty\"><p>\(.served.empty | @html)</p></section>\n" else "" end;

def folded: if . == "" then "" else "<details><summary>As in the other forms of this report</summary>\n" + . + "</details>\n" end;

# Where the picture is a table itself, the numbers only say it once more.
def the_tables:
	if .chart.type == "bars" and (.tables[0].rows | length) == 0 then
		"<section class=\"empty\"><p>There is nothing to show here yet.</p></section>\n"
	elif .chart.type == "bars" then tables(0; 9) | folded
	elif .chart.type == "shift" then tables(1; 9) + (tables(0; 1) | folded)
	else tables(0; 9) end;

frame(.title; (.chart.view? // null) | scale_style; .served != null;
	links + "<h1>\(.title | @html)</h1>\n" + origin + lead + warnings
	+ (if .served.empty then empty_state else picture + the_tables end))
