# retrain-effect.jq -- retrain.jq, but a drift must also be large enough to
# matter: it asks for drift.drifted, which is p <= alpha and effect >= the
# smallest effect, both gates of gc-drift (--alpha, --min-effect).

def last_of($kind): map(select(.kind == $kind)) | last;

($ARGS.named.accuracy // 0.85) as $min_accuracy
| [inputs] as $docs
| ($docs | last_of("evaluation")) as $evaluation
| ($docs | last_of("drift")) as $drift
| ($docs | last_of("confusion")) as $confusion
| ($evaluation.metrics.accuracy?) as $accuracy
| if ($accuracy | type) != "number" then
    "retrain-effect: the evaluation has no metrics.accuracy\n" | halt_error(3)
  else . end
| [ (if $accuracy < $min_accuracy then
      { rule: "accuracy", value: $accuracy, threshold: $min_accuracy,
        text: "accuracy \($accuracy) is below \($min_accuracy)" }
    else empty end),
    (if $drift.drifted == true then
      { rule: "drift", value: $drift.p_value, threshold: $drift.alpha,
        text: "intents drifted, by enough to matter" }
    else empty end) ] as $reasons
| { kind: "decision", retrain: ($reasons | length > 0), reasons: $reasons,
    accuracy: $accuracy, p_value: $drift.p_value, verdict: $drift.verdict,
    n: $confusion.n }
