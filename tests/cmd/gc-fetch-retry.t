#!/bin/sh
# What is tried again, how often, and how it ends; and where a token goes.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

ok_body='{"entities":[{"id":1}]}'
tried() {
	asked .path | wc -l | tr -d ' '
}

# ---- tutorial defects: recursion without an end, Retry-After as a date ----
cat >"$T/more" <<'END'
{"match":{"path":"/forever"},"do":{"status":429,"headers":{"Retry-After":"0"}}}
{"match":{"path":"/seconds","nth":1},"do":{"status":429,"headers":{"Retry-After":"1"}}}
{"match":{"path":"/date","nth":1},"do":{"status":429,"headers":{"Retry-After":"Wed, 21 Oct 2015 07:28:00 GMT"}}}
{"match":{"path":"/503","nth":"1-2"},"do":{"status":503,"headers":{"Retry-After":"0"}}}
{"match":{"path":"/cut","nth":1},"do":{"status":200,"body":{"entities":[{"id":1},{"id":2},{"id":3}]},"cut_after":9}}
{"match":{"path":"/length","nth":1},"do":{"status":200,"body":{"entities":[{"id":1}]},"content_length":99}}
{"match":{"path":"/far"},"do":{"status":429,"headers":{"Retry-After":"4000"}}}
{"match":{"path":"/400"},"do":{"status":400,"body":{"message":"dimension \"x\" is not known","code":"bad.request"}}}
{"match":{"path":"/expired","nth":1},"do":{"status":401,"body":{"message":"expired"}}}
{"match":{"path":"/never"},"do":{"status":401,"body":{"message":"no"}}}
{"match":{"path":"/403"},"do":{"status":403,"body":{"message":"missing scope users:read"}}}
{"match":{"path":"/paged","query":"*cursor=b*","nth":1},"do":{"status":503,"headers":{"Retry-After":"0"}}}
{"match":{"path":"/paged","query":"*cursor=b*"},"do":{"status":200,"body":{"entities":[{"id":2}]}}}
{"match":{"path":"/paged"},"do":{"status":200,"body":{"entities":[{"id":1}],"cursor":"b"}}}
END
for p in seconds date 503 cut length 400 expired; do
	answers "/$p" '' "$ok_body" >>"$T/more"
done
rules <"$T/more"

mocked gc-fetch /forever
exits 4 'unbounded_recursion: a 429 without an end has one'
is "$(tried)" 5 'after five tries'
mocked gc-fetch --tries 2 /forever
is "$code $(tried)" '4 2' '--tries'
start=$(date +%s)
mocked gc-fetch /seconds
is "$code$(out)" '0{"id":1}' 'a Retry-After of seconds'
[ $(($(date +%s) - start)) -ge 1 ]
ok $? 'which was waited for'
mocked gc-fetch /date
is "$code$(out)" '0{"id":1}' 'retry_after_as_http_date: is no reason to die'
mocked gc-fetch /503
is "$code $(tried)" '0 3' '503, twice'
mocked gc-fetch /cut
is "$code$(out)" '0{"id":1}' 'an answer that was cut short is asked for again'
mocked gc-fetch /length
is "$code$(out)" '0{"id":1}' 'so is one shorter than its Content-Length'
mocked gc-fetch /paged
is "$(jq -r .id "$T/out" | tr '\n' ' ')" '1 2 ' \
    'no_retry_on_next_pages: the second page is tried again, too'
mocked gc-fetch --max-delay 300 /far
exits 7 'a Retry-After beyond --max-delay: exit 7'
like "$(err)" '*go on at 2*Z*' 'with the time at which to go on'
is "$(tried)" 1 'and no second request'

# ---- what is not repeated ----
mocked gc-fetch -d '{}' /503
exits 4 'a POST that may have been carried out is not sent again'
is "$(tried)" 1 'once'
mocked gc-fetch --repeat -d '{}' /503
is "$code $(tried)" '0 3' '--repeat allows it'
mocked gc-fetch -d '{}' /seconds
is "$code $(tried)" '0 2' 'a POST refused by 429 is sent again'
mocked gc-fetch -d '{}' /cut
is "$code $(tried)" '4 1' 'a POST whose answer broke off is not'

# ---- no ----
mocked gc-fetch /400
exits 4 '400'
like "$(err)" '*/400: 400: dimension "x" is not known*' "the service's words"
mocked gc-fetch /403
exits 5 '403'
like "$(err)" '*missing scope users:read*' 'names the scope'
mocked gc-fetch /expired
is "$code$(out)" '0{"id":1}' 'a token that ended is renewed'
is "$(jq -s '[.[] | select(.path == "/oauth/token")] | length' \
    "$T/journal")" 2 'by one more request for a token'
mocked gc-fetch /never
exits 5 'but once only'
is "$(tried)" 2 'two requests'

# ---- nobody there ----
run env GC_API_URL=http://127.0.0.1:1 GC_LOGIN_URL=http://127.0.0.1:1 \
    gc-fetch --no-auth --tries 2 /x
exits 4 'no connection'
run env GC_API_URL=http://127.0.0.1:1 gc-fetch --no-auth --max-wait 0 /x
exits 7 '--max-wait ended it'

# ---- where a token may go ----
cat >"$T/more" <<'END'
{"match":{"path":"/foreign"},"do":{"status":200,"body":{"entities":[{"id":1}],"nextUri":"http://127.0.0.2:9/steal"}}}
{"match":{"path":"/away"},"do":{"status":302,"headers":{"Location":"http://127.0.0.2:9/steal"}}}
{"match":{"path":"/near"},"do":{"status":302,"headers":{"Location":"/here"}}}
END
answers /here '' "$ok_body" >>"$T/more"
rules <"$T/more"
mocked gc-fetch /foreign
exits 4 'token_to_a_foreign_host: a nextUri of another origin is an error'
like "$(err)" '*--allow-origin http://127.0.0.2:9 allows it*' 'says how to'
is "$(out)" '{"id":1}' 'what came before it is written'
mocked gc-fetch /away
exits 4 'so is a redirect'
mocked gc-fetch /near
is "$(out)" '{"id":1}' 'a redirect at home is followed'
mocked gc-fetch -d '{}' /near
exits 4 'not for a POST'
mocked gc-fetch http://127.0.0.2:9/x
exits 2 'a first URL elsewhere gets no token'
like "$(err)" '*--no-auth*' 'says how to'
mocked sh -c 'gc-fetch --no-auth "$GC_API_URL/here"'
is "$(out) $(asked .headers.authorization)" '{"id":1} null' \
    '--no-auth sends none'
mocked sh -c 'TOK=$(gc-auth) gc-fetch --auth-env TOK "$GC_API_URL/here"'
is "$(out) $(asked .headers.authorization)" '{"id":1} "Bearer"' '--auth-env'
mocked gc-fetch --auth-env NOT_SET /here
exits 2 'a variable that is not set'

# ---- a token is never seen ----
mocked sh -c 'TOK=$(gc-auth) || exit
	gc-fetch --audit "$0/audit" --ledger "$0/ledger" /here "/here?a=1&token=x"
	gc-fetch --dry-run /here
	gc-fetch /forbidden
	grep -rc "$TOK" "$0/audit" "$0/ledger" && echo seen; cat "$0/audit"' "$T"
case $(out; err) in *seen*) false ;; *) true ;; esac
ok $? 'no token in audit, ledger, messages, nor commands'
is "$(jq -c '[.method, .path, .parameters, .status, .attempts, .records]' \
    "$T/audit" | tr '\n' ' ')" \
'["GET","/here",{},200,1,1] ["GET","/here",{"a":"1","token":"(hidden)"},200,1,1] ' \
    'the audit: a line a request'
is "$(jq -c '[.tool, .in, .used, .out, .rejected]' "$T/ledger")" \
    '["gc-fetch",2,2,2,0]' 'the ledger'
mocked gc-fetch -H 'Authorization: Bearer x' /here
exits 2 'a secret is no argument'

# ---- the audit is rotated ----
mocked sh -c 'for i in 1 2 3; do
	gc-fetch --audit "$0/small" --audit-size 100 /here || exit; done' "$T"
is "$(cat "$T/small.2" "$T/small.1" "$T/small" | wc -l | tr -d ' ')" 3 \
    'full audits are put aside'

done_testing
