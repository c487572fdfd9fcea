# dashboard.jq -- how the bot does, on one page.
#
# Input: {now, title, heading, lead, summary: {accuracy, precision, recall,
# f1_score, drift_p_value, source}, figures: [{name, value, low, high, n}],
# served (what gc-serve adds, or null), evaluation, confusion, drift, decision
# (documents or null), groups (drifts of groups), view: {others, labels, cells,
# shares, steps, scale} or null, pairs: [{actual, predicted, n, of, share, low,
# high}], rest: [{label, n, right, low, high}], n}. Rows of the view are actual,
# columns predicted; a cell's step is its place in scale: [{light, light_ink,
# dark, dark_ink}].

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

def figure($name): [.figures[] | select(.name == $name)][0] // {};

# What a figure rests on: its interval, and of how many it is.
def rests:
	[(if .low != null then "95% interval \(.low | percent) to \(.high | percent)" else empty end),
	 (if .n != null then .n | plural("utterance"; "utterances") else empty end)]
	| if length == 0 then "of how many is not said" else join("; ") end;

def share_tile($name; $words):
	figure($name) as $f
	| tile(null; $name; if $f.value == null then (if $name == "Accuracy" then "not known" else "\u2013" end) else $f.value | percent end;
		if $f.value == null then (if $words == "" then null else $words end) else ($f | rests) + (if $words == "" then "" else "; \($words)" end) end);

def drift_word:
	if .drift == null then (if (.groups | length) > 0 then "the smallest of \(.groups | length) groups, adjusted" else "no comparison was made" end)
	else (if .drift.verdict == "insufficient" then "too few to tell"
	      elif .drift.drifted then "drifted"
	      elif .drift.drifted == false then "no drift found" else "not decided" end)
	+ (if .drift.n_current != null then "; \(.drift.n_current | count) against \(.drift.n_baseline | count) utterances" else "" end)
	end;

def tiles:
	. as $in | status as $status
	| "<dl class=\"tiles\">\n"
	+ tile("status " + (if $status == "Model Stable" then "good" elif $status == "Retraining Triggered" then "warn" else "none" end);
		"Status"; ($status | icon) + "<span>\($status | @html)</span>"; status_note)
	+ share_tile("Accuracy"; if .summary.source == "evaluation" then "by the service\u2019s evaluation" else "" end)
	+ tile(null; "Drift P-Value"; .drift.log10_p as $l | .summary.drift_p_value | p_value($l);
		($in | drift_word | @html))
	+ (if .now == null then tile(null; "Last Updated"; "never"; null)
	   else tile(null; "Last Updated"; .now | day; (.now | clock) + (if .served.age then "; \(.served.age | ago)" else "" end)) end)
	+ "</dl>\n<dl class=\"tiles three\">\n"
	+ share_tile("Precision"; "how often a named intent is right")
	+ share_tile("Recall"; "how often an intent is found")
	+ share_tile("F1 Score"; "both in one figure")
	+ "</dl>\n";

# ---- the matrix ----

def matrix_table:
	.view as $v | ($v.labels | length) as $n
	| table("The matrix as numbers: rows actual, columns predicted.";
		[{name: "Actual intent"}] + [$v.labels[] | {name: ., number: true, tall: ($n > 6)}] + [{name: "All", number: true}];
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
	+ "<p>\(heat_words)</p>\n"
	+ heat_figure
	+ (if (.confusion.abstained // 0) > 0 then "; \(.confusion.abstained | plural("more got no prediction"; "more got no prediction")) and stand outside" else "" end)
	+ "</figcaption>\n</figure>\n" + rest_table
	+ "<details\(if (.view.labels | length) <= 8 then " open" else "" end)><summary>The same as a table</summary>\n" + matrix_table + "</details>\n" + picture
	+ "</section>\n"
	end;

# A share and, below it, how sure it is.
def sure($low; $high):
	percent + (if $low == null then "" else "<span class=\"sure\">\($low | percent) to \($high | percent)</span>" end);

def confusions:
	. as $in
	| if (.pairs | length) == 0 then ""
	else ([.confusion.top_confusions[]?.examples[]?] | length > 0) as $examples
	| "<section aria-labelledby=\"confused\">\n<h2 id=\"confused\">Most often confused</h2>\n<p>Where better examples would help the bot most.</p>\n"
	+ table("Pairs of intents by how often one was taken for the other, and its share of all callers who wanted it, with the 95% interval";
		[{name: "Callers wanted"}, {name: "The bot understood"}, {name: "Times", number: true}, {name: "Of", number: true}, {name: "Share", number: true}, {name: "Drawn", drawn: true}]
		+ (if $examples then [{name: "Example"}] else [] end);
		[.pairs[] as $p
		| ([$in.confusion.top_confusions[]? | select(.actual == $p.actual and .predicted == $p.predicted)][0]) as $top
		| [($p.actual | text), ($p.predicted | text), ($p.n | count), ($p.of | count), ($p.share | sure($p.low; $p.high)), range_svg($p.share; $p.low; $p.high)]
		+ (if $examples then [$top.examples[0] | if . == null then "" else "<code>\(. | tostring | clip(40) | @html)</code>" end] else [] end)])
	+ "</section>\n"
	end;

def intent_rows:
	[.[] | (.intervals // {}) as $i
	| [(.label | text), (.support | count), (.precision | sure($i.precision[0]; $i.precision[1])),
	   (.recall | sure($i.recall[0]; $i.recall[1])), (.f1 | sure($i.f1[0]; $i.f1[1])), range_svg(.f1; $i.f1[0]; $i.f1[1])]];

def intents:
	[.confusion.per_class[]?] as $all
	| if ($all | length) == 0 then ""
	else [{name: "Intent"}, {name: "Utterances", number: true}, {name: "Precision", number: true}, {name: "Recall", number: true}, {name: "F1", number: true}, {name: "F1 drawn", drawn: true}] as $columns
	| ($all | sort_by(.f1 // -1)) as $sorted
	| "<section aria-labelledby=\"intents\">\n<h2 id=\"intents\">Intent by intent</h2>\n"
	+ table("The weakest first, with 95% intervals; a dash where there is nothing to divide by"; $columns; $sorted[:10] | intent_rows)
	+ (if ($sorted | length) > 10 then "<details><summary>The other \(($sorted | length) - 10)</summary>\n"
	   + table("All other intents"; $columns; $sorted[10:] | intent_rows) + "</details>\n" else "" end)
	+ "</section>\n"
	end;

# ---- drift ----

def drift_sentence:
	.drift as $d
	| ([$d.categories[]? | select(.status != "same")] | length) as $moved
	| (if $d.n_current == null or $d.n_baseline == null then "How many utterances were compared is not known"
	   else "Compared are \($d.n_current | plural("utterance"; "utterances")) with \($d.n_baseline | plural("utterance"; "utterances")) of the baseline" end)
	+ ([($d.test | strings), ($d.log10_p as $l | $d.p_value | if . == null then empty else "p = " + p_value($l) end)]
	   | if length == 0 then "" else " (" + join(", ") + ")" end) + ". "
	+ (if $d.verdict == "insufficient" then "That is too little to tell a change from chance."
	   elif $d.drifted == null then "Whether the mix has changed is not known."
	   elif $d.drifted then (if $moved > 0 then "The mix has changed; \($moved | plural("intent stands"; "intents stand")) out." else "The mix has changed, though no single intent stands out." end)
	   else "No change beyond chance was found"
	   + (if $d.detectable.share then "; one of \($d.detectable.share | percent) or more in an intent\u2019s share would have been seen." else "." end) end);

# Groups compared one by one, the surest first.
def drift_groups:
	if (.groups | length) == 0 then ""
	else table("Group by group, the surest first; p-values are adjusted for their number";
		[{name: "Group"}, {name: "Baseline", number: true}, {name: "Now", number: true}, {name: "p", number: true}, {name: "Cram\u00e9r\u2019s V", number: true}, {name: "Verdict"}];
		[.groups | sort_by(.p_adjusted // .p_value // 2)[]
		| [(.group | text), (.n_baseline | count), (.n_current | count), (.p_adjusted // .p_value | p_value(null)),
		   (.effect.cramers_v | human) + (if .effect.cramers_v_interval[0]? != null then "<span class=\"sure\">\(.effect.cramers_v_interval[0] | human) to \(.effect.cramers_v_interval[1] | human)</span>" else "" end),
		   (.verdict // "\u2013" | @html)]])
	end;

def drift:
	if .drift == null and (.groups | length) == 0 then ""
	else .drift as $d
	| "<section aria-labelledby=\"drift\">\n<h2 id=\"drift\">What callers ask for, against the baseline</h2>\n"
	+ (if $d == null then "" else "<p>\(drift_sentence | @html)</p>\n" end)
	+ (if ([$d.categories[]?] | length) == 0 then "" else
	   [$d.categories[]?] | shift_table("Most certainly moved first; shares of all utterances, the change in percentage points with its \(($d.level // 0.95) * 100 | fixed(0))% interval"; 12)
	   end)
	+ drift_groups
	+ ([$d.warnings[]? | "<p class=\"soft\">\(. | tostring | @html)</p>\n"] | join(""))
	+ "</section>\n"
	end;

# A reason in words; a p-value as it stands elsewhere on the page.
def reason($log10):
	if type == "string" then .
	elif type != "object" then tojson
	elif .rule == "drift" and (.value | type) == "number" and .threshold != null then
		"intents drifted: p \(.value | p_value($log10)) is below \(.threshold)"
	elif (.text | type) == "string" then .text
	else tojson end;

def decision:
	.drift.log10_p as $log10
	| if .decision == null then ""
	else "<section aria-labelledby=\"decision\">\n<h2 id=\"decision\">The decision</h2>\n<p>"
	+ (if .decision.retrain == true then "The model is to be trained again."
	   elif .decision.retrain == false then "The model stays as it is." else "Nothing was decided yet." end) + "</p>\n"
	+ ([.decision.reasons[]? | "<li>\(reason($log10) | text)</li>"] | join("") | if . == "" then "" else "<ul>" + . + "</ul>\n" end)
	+ "</section>\n"
	end;

def words: "<footer><dl>\(if .evaluation.id then "\n<dt>Evaluation</dt><dd><code>\(.evaluation.id | tostring | clip(80) | @html)</code></dd>" else "" end)
<dt>Accuracy</dt><dd>The share of utterances whose intent was named rightly.</dd>
<dt>Precision and recall</dt><dd>Of the utterances called an intent, those that were; of those that were, those called so. Both are means over all intents, large and small alike, unless the service\u2019s evaluation says otherwise. F1 is their harmonic mean.</dd>
<dt>95% interval</dt><dd>Where the figure would lie for ever more utterances of this kind, nineteen times in twenty.</dd>
<dt>Drift p-value</dt><dd>How often chance alone would give two periods as different as these, if nothing had changed. Below 0.05 it is taken for a change.</dd>
</dl></footer>\n";

# All figures once more, as other forms of the report write them.
def figures:
	if (.figures | length) == 0 then ""
	else "<section aria-labelledby=\"figures\">\n<h2 id=\"figures\">The figures</h2>\n"
	+ table("As in the other forms of this report; a dash where it is not said";
		[{name: "Metric"}, {name: "Value", number: true}, {name: "Low", number: true}, {name: "High", number: true}, {name: "N", number: true}];
		[.figures[] | [(.name | @html), (.value, .low, .high, .n | human | grouped)]])
	+ "</section>\n" end;

. as $in
| frame(.title; .view | scale_style; .served != null;
	links + "<h1>\(.heading | @html)</h1>\n" + (if .served then origin else "" end)
	+ lead + warnings + tiles + matrix + confusions + intents + drift + decision + figures + words)
