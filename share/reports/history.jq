# history.jq -- the runs that gc-serve knows, the newest first.
#
# Input: {title, lead, total, served, runs: [{name, base, updated, age, stale,
# accuracy, low, high, n, source, drift_p_value, log10_p, verdict, retrain,
# problems}]}.

# The accuracies from the oldest run to the newest, as a line with the interval
# of each, on an axis of round steps.
def line:
	[.runs[] | select(.accuracy != null)] | reverse | length as $n
	| if $n < 2 then ""
	else . as $v | [.[].accuracy] as $y
	| ([.[] | .low // .accuracy] | min) as $least | ([.[] | .high // .accuracy] | max) as $most
	| ([[0.01, 0.02, 0.05, 0.1, 0.2, 0.5][] as $s | select(($most - $least) / $s <= 4) | $s][0] // 1) as $s
	| ([$least / $s | floor, 0] | max) as $a | ($most / $s | ceil | [., $a + 1] | max) as $b
	| def y: 130 - (. / $s - $a) / ($b - $a) * 104 | r1;
	  def x: . * 740 / ($n - 1) + 60 | r1;
	  (if $v[0].updated[:10] == $v[$n - 1].updated[:10] then {a: 11, b: 16} else {a: 0, b: 10} end) as $when
	| "<figure><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Accuracy from run to run\"><svg class=\"line\" role=\"img\" aria-labelledby=\"line-t line-d\" viewBox=\"0 0 920 168\" width=\"920\" height=\"168\"><title id=\"line-t\">Accuracy from run to run</title>"
	+ "<desc id=\"line-d\">From \($y[0] | percent) in the oldest of \($n) runs to \($y[$n - 1] | percent) in the newest; lowest \($y | min | percent), highest \($y | max | percent).</desc>"
	+ ([range($a; $b + 1) | . * $s | "<path class=\"zero\" d=\"M52 \(y)H870\"/><text text-anchor=\"end\" x=\"46\" y=\"\(y + 4)\">\(. * 100 | fixed(0))%</text>"] | join(""))
	+ "<path d=\"M" + ([range($n) | "\(x) \($y[.] | y)"] | join("L")) + "\"/>"
	+ ([range($n) | . as $i | (if $v[$i].low == null then "" else "<path class=\"ci\" d=\"M\($i | x) \($v[$i].low | y)V\($v[$i].high | y)\"/>" end)
	   + "<circle cx=\"\($i | x)\" cy=\"\($y[$i] | y)\" r=\"\(if $n > 60 then 2 else 4 end)\"/>"] | join(""))
	+ "<text text-anchor=\"middle\" x=\"\(0 | x)\" y=\"158\">\($v[0].updated[$when.a:$when.b] | @html)</text><text text-anchor=\"middle\" x=\"\($n - 1 | x)\" y=\"158\">\($v[$n - 1].updated[$when.a:$when.b] | @html)</text>"
	+ "<text x=\"\(($n - 1 | x) + 12)\" y=\"\(($y[$n - 1] | y) + 4)\">\($y[$n - 1] | percent)</text></svg></div><figcaption>Accuracy from run to run with 95% intervals</figcaption></figure>\n"
	end;

def decided:
	if .retrain == true then "retrain" elif .retrain == false then "keep" else "\u2013" end;

def sure: if . == "" then "" else "<span class=\"sure\">\(.)</span>" end;

# What could not be read has a column only where there is some of it.
def some_left_out: any(.runs[].problems[]; true);

def columns:
	[{name: "Run"}, {name: "Updated"}, {name: "Accuracy", number: true}, {name: "Utterances", number: true}, {name: "Drift p", number: true}, {name: "Decision"}]
	+ (if some_left_out then [{name: "Left out"}] else [] end);

def rows:
	some_left_out as $more
	| [.runs[] | [
		"<a href=\"\(.base | @html)\">\(.name | text)</a>",
		(.updated | day) + ((.updated | clock) + (if .stale then ", \(.age | ago)" else "" end) | sure),
		(.accuracy | percent) + (if .low == null then "" else "\(.low | percent) to \(.high | percent)" | sure end),
		(.n | count),
		(.log10_p as $l | .drift_p_value | p_value($l)) + (.verdict // "" | tostring | @html | sure), decided]
		+ (if $more then [[.problems[] | text] | join("; ")] else [] end)];

def shown:
	if .total == 0 then "There is no run to show yet."
	else "\(.total | plural("run"; "runs")), the newest first"
	+ (if (.runs | length) < .total then "; shown are \(.runs | length)" else "" end) + "." end;

frame(.title; ""; true;
	links + "<h1>History of runs</h1>\n" + origin + lead
	+ (if .total == 0 then "<section class=\"empty\"><p>\(.served.empty | @html)</p></section>\n" else "<section aria-label=\"Runs\">\n<p>\(shown | @html)</p>\n" + line
	+ table("Each run by its folder, with 95% intervals and the drift's verdict; times in UTC"; columns; rows)
	+ "</section>\n" end))
