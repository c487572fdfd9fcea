# history.jq -- the runs that gc-serve knows, the newest first.
#
# Input: {title, total, runs: [{name, base, updated, age, stale, accuracy,
# source, n, drift_p_value, log10_p, verdict, retrain, problems}]}.

# The accuracies from the oldest run to the newest, as a line.
def line:
	[.runs[] | select(.accuracy != null)] | reverse | length as $n
	| if $n < 2 then ""
	else [.[].accuracy] as $y | ($y | min) as $low | ($y | max) as $high
	| ([$high - $low, 0.02] | max) as $span
	| [range($n) | {x: (10 + . * 560 / ($n - 1) | . * 10 | round / 10), y: (76 - ($y[.] - $low) / $span * 62 | . * 10 | round / 10)}] as $at
	| "<figure><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Accuracy from run to run\"><svg class=\"line\" role=\"img\" aria-labelledby=\"line-t line-d\" viewBox=\"0 0 640 90\" width=\"640\" height=\"90\"><title id=\"line-t\">Accuracy from run to run</title>"
	+ "<desc id=\"line-d\">From \($y[0] | percent) in the oldest of \($n) runs to \($y[$n - 1] | percent) in the newest; lowest \($low | percent), highest \($high | percent).</desc>"
	+ "<path class=\"zero\" d=\"M10 76H570\"/><path d=\"M" + ([$at[] | "\(.x) \(.y)"] | join("L")) + "\"/>"
	+ ([$at[] | "<circle cx=\"\(.x)\" cy=\"\(.y)\" r=\"3\"/>"] | join(""))
	+ "<text x=\"580\" y=\"\($at[$n - 1].y + 4)\">\($y[$n - 1] | percent)</text></svg></div><figcaption>Accuracy from run to run, \($low | percent) to \($high | percent)</figcaption></figure>\n"
	end;

def decided:
	if .retrain == true then "retrain" elif .retrain == false then "keep" else "\u2013" end;

def rows:
	[.runs[] | [
		"<a href=\"\(.base | @html)\">\(.name | text)</a>",
		(.updated | day) + " " + (.updated | clock) + (if .stale then ", \(.age | ago)" else "" end),
		(.accuracy | percent), (.n | count),
		(.log10_p as $l | .drift_p_value | p_value($l)),
		(.verdict // "\u2013" | @html), decided,
		([.problems[] | text] | join("; "))]];

def lead:
	if .total == 0 then "There is no run to show yet."
	else "\(.total | plural("run"; "runs")), the newest first"
	+ (if (.runs | length) < .total then "; shown are \(.runs | length)" else "" end) + "." end;

frame(.title; ""; true;
	([["/", "Newest"], ["/history", "History (\(.total | count))"], ["/history.json", "The same as JSON"]] | menu("/history"))
	+ "<h1>History of runs</h1>\n<p class=\"lead\">\(lead | @html)</p>\n"
	+ (if .total == 0 then "" else "<section aria-label=\"Runs\">\n" + line
	+ table("Each run by its folder; times in UTC";
		[{name: "Run"}, {name: "Updated"}, {name: "Accuracy", number: true}, {name: "Utterances", number: true}, {name: "Drift p", number: true}, {name: "Verdict"}, {name: "Decision"}, {name: "Left out"}]; rows)
	+ "</section>\n" end))
