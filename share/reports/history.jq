# history.jq -- the runs that gc-serve knows, the newest first.
#
# Input: {title, lead, total, served, runs: [{name, base, updated, age, stale,
# accuracy, low, high, n, source, drift_p_value, log10_p, verdict, retrain,
# problems}]}.

# The accuracies from the oldest run to the newest, as a line with the interval
# of each.
def line:
	[.runs[] | select(.accuracy != null)] | reverse | length as $n
	| if $n < 2 then ""
	else . as $v | [.[].accuracy] as $y
	| ([.[] | .low // .accuracy] | min) as $least | ([.[] | .high // .accuracy] | max) as $most
	| ([$most - $least, 0.02] | max) as $span
	| def y: 130 - (. - $least) / $span * 104 | r1;
	  def x: . * 740 / ($n - 1) + 60 | r1;
	  "<figure><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Accuracy from run to run\"><svg class=\"line\" role=\"img\" aria-labelledby=\"line-t line-d\" viewBox=\"0 0 920 168\" width=\"920\" height=\"168\"><title id=\"line-t\">Accuracy from run to run</title>"
	+ "<desc id=\"line-d\">From \($y[0] | percent) in the oldest of \($n) runs to \($y[$n - 1] | percent) in the newest; lowest \($y | min | percent), highest \($y | max | percent).</desc>"
	+ ([$least, ($least + $span) | "<path class=\"zero\" d=\"M52 \(y)H870\"/><text text-anchor=\"end\" x=\"46\" y=\"\(y + 4)\">\(percent)</text>"] | join(""))
	+ "<path d=\"M" + ([range($n) | "\(x) \($y[.] | y)"] | join("L")) + "\"/>"
	+ ([range($n) | . as $i | (if $v[$i].low == null then "" else "<path class=\"ci\" d=\"M\($i | x) \($v[$i].low | y)V\($v[$i].high | y)\"/>" end)
	   + "<circle cx=\"\($i | x)\" cy=\"\($y[$i] | y)\" r=\"4\"/>"] | join(""))
	+ "<text text-anchor=\"middle\" x=\"\(0 | x)\" y=\"158\">\($v[0].updated[:10] | @html)</text><text text-anchor=\"middle\" x=\"\($n - 1 | x)\" y=\"158\">\($v[$n - 1].updated[:10] | @html)</text>"
	+ "<text x=\"\(($n - 1 | x) + 12)\" y=\"\(($y[$n - 1] | y) + 4)\">\($y[$n - 1] | percent)</text></svg></div><figcaption>Accuracy from run to run with 95% intervals</figcaption></figure>\n"
	end;

def decided:
	if .retrain == true then "retrain" elif .retrain == false then "keep" else "\u2013" end;

def rows:
	[.runs[] | [
		"<a href=\"\(.base | @html)\">\(.name | text)</a>",
		(.updated | day) + " " + (.updated | clock) + (if .stale then "<span class=\"sure\">\(.age | ago)</span>" else "" end),
		(.accuracy | percent) + (if .low == null then "" else "<span class=\"sure\">\(.low | percent) to \(.high | percent)</span>" end),
		(.n | count),
		(.log10_p as $l | .drift_p_value | p_value($l)),
		(.verdict // "\u2013" | @html), decided,
		([.problems[] | text] | join("; "))]];

def shown:
	if .total == 0 then "There is no run to show yet."
	else "\(.total | plural("run"; "runs")), the newest first"
	+ (if (.runs | length) < .total then "; shown are \(.runs | length)" else "" end) + "." end;

frame(.title; ""; true;
	links + "<h1>History of runs</h1>\n" + origin + lead
	+ (if .total == 0 then "<section class=\"empty\"><p>\(.served.empty | @html)</p></section>\n" else "<section aria-label=\"Runs\">\n<p>\(shown | @html)</p>\n" + line
	+ table("Each run by its folder, with 95% intervals; times in UTC";
		[{name: "Run"}, {name: "Updated"}, {name: "Accuracy", number: true}, {name: "Utterances", number: true}, {name: "Drift p", number: true}, {name: "Verdict"}, {name: "Decision"}, {name: "Left out"}]; rows)
	+ "</section>\n" end))
