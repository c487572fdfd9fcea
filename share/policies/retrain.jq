# retrain.jq -- should the bot be trained again?
#
#	cat evaluation.json confusion.json drift.json |
#	jq -n --argjson accuracy 0.85 --argjson p 0.05 -f retrain.jq
#
# Reads one evaluation, one confusion and one drift (the last of each kind).
# Retrain when the accuracy that the service measured is below the threshold,
# or when the two-sample test says that the intents have drifted. A drift that
# is insufficient, or has no p, gives no reason; accuracy still does. A missing
# accuracy is an error, never taken for 1. Thresholds: $accuracy, $p.

def last_of($kind): map(select(.kind == $kind)) | last;

# A p-value in words; one below the smallest double by its logarithm.
def p_words:
  if .p_value > 0 or (.log10_p | type) != "number" then "\(.p_value)"
  else .log10_p as $l | ($l | floor) as $e
  | (pow(10; $l - $e) * 10 | round) as $tenths
  | if $tenths > 99 then "1.0e\($e + 1)"
    else "\($tenths / 10 | floor).\($tenths % 10)e\($e)" end
  end;

($ARGS.named.accuracy // 0.85) as $min_accuracy
| ($ARGS.named.p // 0.05) as $max_p
| [inputs] as $docs
| ($docs | last_of("evaluation")) as $evaluation
| ($docs | last_of("drift")) as $drift
| ($docs | last_of("confusion")) as $confusion
| ($evaluation.metrics.accuracy?) as $accuracy
| if ($accuracy | type) != "number" then
    "retrain: the evaluation has no metrics.accuracy\n" | halt_error(3)
  else . end
| [ (if $accuracy < $min_accuracy then
      { rule: "accuracy", value: $accuracy, threshold: $min_accuracy,
        text: "accuracy \($accuracy) is below \($min_accuracy)" }
    else empty end),
    # null is less than any number in jq: ask for a number first
    (if ($drift.p_value | type) == "number"
        and $drift.verdict != "insufficient"
        and $drift.p_value < $max_p then
      { rule: "drift", value: $drift.p_value, threshold: $max_p,
        text: "intents drifted: p \($drift | p_words) is below \($max_p)" }
    else empty end) ] as $reasons
| { kind: "decision", retrain: ($reasons | length > 0), reasons: $reasons,
    accuracy: $accuracy, p_value: $drift.p_value, verdict: $drift.verdict,
    n: $confusion.n }
