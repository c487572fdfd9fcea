# dashboard.jq -- how the bot does, on one page.
#
# Input: {now, title, heading, summary: {accuracy, precision, recall, f1_score,
# drift_p_value, source}, served (what gc-serve adds, or null), evaluation, confusion, drift, decision (documents or
# null), view: {others, labels, cells, shares, steps, scale} or null, pairs:
# [{actual, predicted, n}]}. Rows of the view are actual, columns predicted; a
# cell's step is its place in scale: [{light, light_ink, dark, dark_ink}].

# The rule of the tutorial, for data without a decision: what it would say.
def meets_rule:
	(.summary.accuracy != null and .summary.accuracy < 0.85)
	or (.drift != null and .drift.p_value != null
	    and .drift.verdict != "insufficient" and .drift.p_value < 0.05);

def status:
	if .decision.retrain == true then "Retraining Triggered"
	elif .decision.retrain == false then "Model Stable"
	elif .summary.accuracy == null then "No evaluation data"
	elif meets_rule then "Retraining Triggered"
	else "Model Stable" end;

# Why the status is what it is; markup.
def status_note:
	if .decision.retrain == true then
		(if (.decision.job // null) == null then "Decided; no training job is on record."
		 else (.decision.job | if type == "object" then (.id // .) else . end) as $id
		 | "Training job <code>\($id | tostring | @html)</code>" end)
	elif .decision.retrain == false then "No reason to retrain was found."
	elif .summary.accuracy == null then "Nothing was evaluated."
	elif meets_rule then "Accuracy is below 0.85 or the drift\u2019s p below 0.05; no decision is on record."
	else "Nothing here calls for retraining; no decision is on record." end;

def icon:
	if . == "Model Stable" then "<path d=\"M7 12.5l3.2 3.2L17 9\"/>"
	elif . == "Retraining Triggered" then "<path d=\"M12 6.5v7M12 17v.5\"/>"
	else "<path d=\"M8 12h8\"/>" end
	| "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.2\" stroke-linecap=\"round\" stroke-linejoin=\"round\"><circle cx=\"12\" cy=\"12\" r=\"10\"/>\(.)</svg>";

def tile($class; $name; $value; $note):
	"<div\(if $class then " class=\"\($class)\"" else "" end)><dt>\($name | @html)</dt><dd class=\"big\">\($value)</dd>"
	+ (if $note then "<dd class=\"note\">\($note)</dd>" else "" end) + "</div>\n";

# How far apart the ends of an interval are.
def interval: "\(.[0] | percent) to \(.[1] | percent)";

def accuracy_note:
	if .summary.accuracy == null then null
	else "\(.summary.accuracy | fixed(4))" +
	(if .summary.source == "evaluation" then ", by the service\u2019s evaluation"
	 else (.confusion.intervals.accuracy // null) as $i
	 | ", on \(.confusion.n | plural("utterance"; "utterances"))"
	   + (if $i and $i[0] != null then "; \((.confusion.intervals.level // 0.95) * 100 | fixed(0))% interval \($i | interval)" else "" end)
	 end)
	end;

def drift_word:
	if .drift == null then "no comparison was made"
	elif .drift.verdict == "insufficient" then "too few to tell"
	elif .drift.drifted then "drifted" else "no drift found" end;

def tiles:
	. as $in | status as $status
	| "<dl class=\"tiles\">\n"
	+ tile("status " + (if $status == "Model Stable" then "good" elif $status == "Retraining Triggered" then "warn" else "none" end);
		"Status"; ($status | icon) + "<span>\($status | @html)</span>"; status_note)
	+ tile(null; "Accuracy"; if .summary.accuracy == null then "not known" else .summary.accuracy | percent end; accuracy_note)
	+ tile(null; "Drift P-Value"; .drift.log10_p as $l | .summary.drift_p_value | p_value($l);
		($in | drift_word | @html))
	+ (if .now == null then tile(null; "Last Updated"; "never"; null)
	   else tile(null; "Last Updated"; .now | day; (.now | clock) + (if .served.age then "; \(.served.age | ago)" else "" end)) end)
	+ "</dl>\n<dl class=\"tiles three\">\n"
	+ tile(null; "Precision"; .summary.precision | percent; "how often a named intent is right")
	+ tile(null; "Recall"; .summary.recall | percent; "how often an intent is found")
	+ tile(null; "F1 Score"; .summary.f1_score | percent; "both in one figure")
	+ "</dl>\n";

# ---- what gc-serve adds ----

def links:
	if .served == null then ""
	else .served.base as $base
	| [["/", "Newest"], ["/history", "History (\(.served.runs | count))"]]
	+ (if .now == null then [] else [["\($base)data.json", "Data as JSON"], ["\($base)metrics", "Metrics"]] end)
	| menu(if $base == "/" then "/" else "" end) end;

# Results that are older than they should be, and what could not be read.
def warnings:
	if .served == null then ""
	else (if .served.stale then "<p class=\"stale\">These results are \(.served.age | old): nothing newer has come since \(.now | day), \(.now | clock).</p>\n" else "" end)
	+ ([.served.problems[]? | "<p class=\"stale\">Left out: \(. | text)</p>\n"] | join(""))
	end;

# What the numbers mean, in a sentence or two.
def lead:
	(if .summary.accuracy == null then "There is no evaluation of the bot to report on yet. "
	 else "The bot names the right intent for \(.summary.accuracy | percent) of what callers say"
	 + (if .confusion then ", about \(if .summary.accuracy >= 0.995 then "all" else "\(.summary.accuracy * 10 + 0.5 | floor) in 10" end)" else "" end) + ". "
	 end)
	+ (if .drift == null then ""
	   elif .drift.verdict == "insufficient" then "Too few callers were compared to say whether they ask for other things than before. "
	   elif .drift.drifted then "What callers ask for has changed against the baseline, more than chance explains. "
	   else "What callers ask for has not changed against the baseline, as far as these numbers can show. " end)
	+ (if .decision.retrain == true then "Retraining was triggered."
	   elif .decision.retrain == false then "Nothing calls for retraining."
	   else "" end)
	| "<p class=\"lead\">\(. | @html)</p>\n";

# ---- the matrix ----

def heat_title: "Confusion matrix of \(.confusion.n | plural("utterance"; "utterances"))";

def heat_desc:
	"Rows are actual intents, columns predicted ones; the stronger a cell\u2019s colour, the larger its share of the actual intent."
	+ (if (.pairs | length) > 0 then " Most often confused: \(.pairs[0].actual) was taken for \(.pairs[0].predicted), \(.pairs[0].n | plural("time"; "times"))." else " Nothing was confused." end);

def heat:
	. as $in | .view as $v | ($v.labels | length) as $n
	| (if $n <= 6 then 64 elif $n <= 10 then 48 elif $n <= 16 then 36 else 30 end) as $s
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

def matrix_table:
	.view as $v | ($v.labels | length) as $n
	| table("The matrix as numbers: rows actual, columns predicted.";
		[{name: "Actual intent"}] + [$v.labels[] | {name: ., number: true}] + [{name: "All", number: true}];
		[range($n) as $i | [($v.labels[$i] | text)] + [$v.cells[$i][] | count] + [$v.cells[$i] | add | count]]
		+ [["All"] + [range($n) as $j | [$v.cells[][$j]] | add | count] + [[$v.cells[][]] | add // 0 | count]]);

# The picture of the matrix, as a file to keep.
def picture:
	if .served == null then ""
	else "<details><summary>The same as a picture</summary>\n"
	+ "<img src=\"\(.served.base | @html)confusion_matrix.png\" width=\"1500\" height=\"1200\" loading=\"lazy\" alt=\"\(heat_title | @html). \(heat_desc | @html)\">\n</details>\n"
	end;

def matrix:
	if .view == null then ""
	else "<section aria-labelledby=\"matrix\">\n<h2 id=\"matrix\">What the bot makes of what callers want</h2>\n"
	+ "<p>Each row is what callers wanted, each column what the bot took it for: on the diagonal it was right. "
	+ (if .view.others > 0 then "Shown are the \((.view.labels | length) - 1) intents with the most errors; the \(.view.others) others are added up. " else "" end)
	+ "The stronger the colour, the larger the share of the row.</p>\n"
	+ "<figure>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Confusion matrix\">\n" + heat + "</div>\n<figcaption>\(.view.scale | scale); \(.confusion.n | plural("utterance"; "utterances"))"
	+ (if (.confusion.abstained // 0) > 0 then "; \(.confusion.abstained | plural("more got no prediction"; "more got no prediction")) and stand outside" else "" end)
	+ "</figcaption>\n</figure>\n"
	+ "<details\(if (.view.labels | length) <= 8 then " open" else "" end)><summary>The same as a table</summary>\n" + matrix_table + "</details>\n" + picture
	+ "</section>\n"
	end;

def confusions:
	. as $in
	| if (.pairs | length) == 0 then ""
	else "<section aria-labelledby=\"confused\">\n<h2 id=\"confused\">Most often confused</h2>\n<p>Where better examples would help the bot most.</p>\n"
	+ table("Pairs of intents by how often one was taken for the other, and its share of all callers who wanted it";
		[{name: "Callers wanted"}, {name: "The bot understood"}, {name: "Times", number: true}, {name: "Share", number: true}]
		+ (if ([.confusion.top_confusions[]?.examples[]?] | length) > 0 then [{name: "Example"}] else [] end);
		[.pairs[] as $p
		| ([$in.confusion.top_confusions[]? | select(.actual == $p.actual and .predicted == $p.predicted)][0]) as $top
		| [($p.actual | text), ($p.predicted | text), ($p.n | count), ($p.share | percent)]
		+ (if ([$in.confusion.top_confusions[]?.examples[]?] | length) > 0
		   then [$top.examples[0] | if . == null then "" else "<code>\(. | tostring | clip(40) | @html)</code>" end] else [] end)])
	+ "</section>\n"
	end;

def intent_rows:
	[.[] | [(.label | text), (.support | count), (.precision | percent), (.recall | percent), (.f1 | percent)]];

def intents:
	[.confusion.per_class[]?] as $all
	| if ($all | length) == 0 then ""
	else [{name: "Intent"}, {name: "Utterances", number: true}, {name: "Precision", number: true}, {name: "Recall", number: true}, {name: "F1", number: true}] as $columns
	| ($all | sort_by(.f1 // -1)) as $sorted
	| "<section aria-labelledby=\"intents\">\n<h2 id=\"intents\">Intent by intent</h2>\n"
	+ table("The weakest first; a dash where there is nothing to divide by"; $columns; $sorted[:10] | intent_rows)
	+ (if ($sorted | length) > 10 then "<details><summary>The other \(($sorted | length) - 10)</summary>\n"
	   + table("All other intents"; $columns; $sorted[10:] | intent_rows) + "</details>\n" else "" end)
	+ "</section>\n"
	end;

# ---- drift ----

# A difference with its interval as a bar from the middle; $m is the largest.
def shift($m):
	def x: . / $m * 76 + 80 | . * 10 | round / 10;
	(.difference // 0) as $d | ([$d, 0] | min | x) as $a | ([$d, 0] | max | x) as $b
	| "<svg class=\"shift\" aria-hidden=\"true\" width=\"160\" height=\"18\" viewBox=\"0 0 160 18\"><path class=\"zero\" d=\"M80 0v18\"/>"
	+ "<rect class=\"\(if $d < 0 then "down" else "up" end)\" x=\"\($a)\" y=\"4\" width=\"\($b - $a | . * 10 | round / 10)\" height=\"10\"/>"
	+ (if .low != null and .high != null then "<path class=\"ci\" d=\"M\(.low | x) 9H\(.high | x)\"/>" else "" end) + "</svg>";

def moved_word:
	if . == "new" then "<span class=\"up\">new</span>"
	elif . == "vanished" then "<span class=\"down\">vanished</span>"
	elif . == "up" then "<span class=\"up\">\u25b2 more</span>"
	elif . == "down" then "<span class=\"down\">\u25bc less</span>"
	else . // "\u2013" | @html end;

def drift_sentence:
	.drift as $d
	| ([$d.categories[]? | select(.status != "same")] | length) as $moved
	| "Compared are \($d.n_current | plural("utterance"; "utterances")) with \($d.n_baseline | plural("utterance"; "utterances")) of the baseline ("
	+ ($d.test // "test" | tostring) + ", p = " + ($d.log10_p as $l | $d.p_value | p_value($l)) + "). "
	+ (if $d.verdict == "insufficient" then "That is too little to tell a change from chance."
	   elif $d.drifted then (if $moved > 0 then "The mix has changed; \($moved | plural("intent stands"; "intents stand")) out." else "The mix has changed, though no single intent stands out." end)
	   else "No change beyond chance was found"
	   + (if $d.detectable.share then "; one of \($d.detectable.share | percent) or more in an intent\u2019s share would have been seen." else "." end) end);

def drift:
	if .drift == null then ""
	else .drift as $d
	| ([$d.categories[]?] | .[:12]) as $shown
	| ([$shown[] | .low, .high, .difference | select(. != null) | fabs] | max // 0 | if . == 0 then 1 else . end) as $m
	| "<section aria-labelledby=\"drift\">\n<h2 id=\"drift\">What callers ask for, against the baseline</h2>\n<p>\(drift_sentence | @html)</p>\n"
	+ (if ($shown | length) == 0 then "" else
	   table("Most certainly moved first; shares of all utterances, the change in percentage points with its \(($d.level // 0.95) * 100 | fixed(0))% interval";
		[{name: "Intent"}, {name: "Baseline", number: true}, {name: "Now", number: true}, {name: "Change", number: true}, {name: "Interval", number: true}, {name: "Drawn"}, {name: "Verdict"}];
		[$shown[] | [(.category | text), (.baseline | percent), (.current | percent), (.difference | points),
			(if .low != null then "\(.low | points) to \(.high | points)" else "\u2013" end), shift($m), (.status | moved_word)]])
	   end)
	+ ([$d.warnings[]? | "<p class=\"soft\">\(. | tostring | @html)</p>\n"] | join(""))
	+ "</section>\n"
	end;

def decision:
	if .decision == null then ""
	else "<section aria-labelledby=\"decision\">\n<h2 id=\"decision\">The decision</h2>\n<p>"
	+ (if .decision.retrain then "The model is to be trained again." else "The model stays as it is." end) + "</p>\n"
	+ ([.decision.reasons[]? | "<li>\(. | if type == "string" then . elif type == "object" and (.text | type) == "string" then .text else tojson end | text)</li>"] | join("") | if . == "" then "" else "<ul>" + . + "</ul>\n" end)
	+ "</section>\n"
	end;

def words: "<footer><dl>\(if .evaluation.id then "\n<dt>Evaluation</dt><dd><code>\(.evaluation.id | tostring | clip(80) | @html)</code></dd>" else "" end)
<dt>Accuracy</dt><dd>The share of utterances whose intent was named rightly.</dd>
<dt>Precision and recall</dt><dd>Of the utterances called an intent, those that were; of those that were, those called so. Both are means over all intents, large and small alike, unless the service\u2019s evaluation says otherwise. F1 is their harmonic mean.</dd>
<dt>Drift p-value</dt><dd>How often chance alone would give two periods as different as these, if nothing had changed. Below 0.05 it is taken for a change.</dd>
</dl></footer>\n";

. as $in
| frame(.title; .view | scale_style; .served != null;
	links + "<h1>\(.heading | @html)</h1>\n" + (if .served.name then "<p class=\"soft\">\(.served.name | text)</p>\n" else "" end)
	+ lead + warnings + tiles + matrix + confusions + intents + drift + decision + words)
