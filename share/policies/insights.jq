# What joined insights say about the model: one document from all of them.
#
# accuracy is the tutorial's: those with a CSAT and a sentiment above 0.6, over
# all; null where there are none. rank_correlation is the honest figure beside
# it: does a better sentiment go with a better CSAT? Spearman's, ties sharing
# their rank; its interval by Fisher's z with the standard error of D. G. Bonett
# and T. A. Wright (Psychometrika 65, 2000); null below 4 pairs or where one
# side never changes.
def ranks:
  . as $v | (to_entries | group_by(.value)) as $groups
  | reduce $groups[] as $g ({at: 0, of: [range($v | length) | 0]};
      ($g | length) as $n | .at as $at
      | reduce $g[] as $e (.; .of[$e.key] = $at + ($n + 1) / 2)
      | .at += $n)
  | .of;
def correlation:
  (map(.[0]) | ranks) as $x | (map(.[1]) | ranks) as $y
  | length as $n | (($n + 1) / 2) as $m
  | (reduce range($n) as $i ({xy: 0, xx: 0, yy: 0};
      .xy += ($x[$i] - $m) * ($y[$i] - $m)
      | .xx += ($x[$i] - $m) * ($x[$i] - $m)
      | .yy += ($y[$i] - $m) * ($y[$i] - $m)))
  | if .xx == 0 or .yy == 0 then null else .xy / ((.xx * .yy) | sqrt) end;
def tanh: (2 * . | exp) as $e | ($e - 1) / ($e + 1);
def interval($r; $n):
  if $r == null or $n < 4 then null
  elif $r >= 1 or $r <= -1 then [$r, $r]
  else (((1 + $r) / (1 - $r) | log) / 2) as $z
    | (1.959963984540054 * ((1 + $r * $r / 2) / ($n - 3) | sqrt)) as $d
    | [($z - $d | tanh), ($z + $d | tanh)] end;
reduce inputs as $i ({n: 0, good: 0, missing: 0, pairs: []};
  .n += 1
  | ($i.sentiment.avg? // null) as $s | ($i.csat // null) as $c
  | if $c == null then .missing += 1 else . end
  | if $c != null and $s != null and $s > 0.6 then .good += 1 else . end
  | if $c != null and $s != null then .pairs += [[$s, $c]] else . end)
| (.pairs | length) as $n
| (if $n < 4 then null else (.pairs | correlation) end) as $r
| {kind: "insights", results: .n, without_csat: .missing,
   accuracy: (if .n > 0 then (.good / .n * 10000 | round) / 10000 else null end),
   rank_correlation: $r, interval: interval($r; $n), pairs: $n}
