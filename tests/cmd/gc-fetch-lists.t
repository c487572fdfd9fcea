#!/bin/sh
# Every style of paging of the built-in platform: found out and named, whole
# and broken.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

# The request for a style's list, pages of 40.
cat >"$T/list" <<'END'
#!/bin/sh
# list STYLE ARG...: gc-fetch on the style's list.
style=$1
shift
p=/api/v2/mock/lists/$style
case $style in
page | after | cursor | nextpage | nexturi)
	exec gc-fetch "$@" "$p?pageSize=40" ;;
scim) exec gc-fetch "$@" "$p?count=40" ;;
cursors | cursor-in-uri) exec gc-fetch "$@" "$p?limit=40" ;;
array) exec gc-fetch "$@" "$p" ;;
page-body)
	exec gc-fetch "$@" -d '{"paging":{"pageSize":40,"pageNumber":1}}' "$p" ;;
search) exec gc-fetch "$@" -d '{"pageSize":40,"pageNumber":1}' "$p" ;;
after-body) exec gc-fetch "$@" -d '{"pageSize":40}' "$p" ;;
offset) exec gc-fetch "$@" -d '{"size":40,"offset":0}' "$p" ;;
nextpageuri) exec gc-fetch "$@" -d '{"size":40}' "$p" ;;
esac
END
styles='page page-body search after after-body cursor cursors nextpage nexturi
scim offset array nextpageuri cursor-in-uri'

# ---- whole ----
: | rules
export T styles
mocked sh -c 'for s in $styles; do
	sh "$T/list" $s -q >"$T/found.$s" || echo "$s: $?"
	sh "$T/list" $s -q --paginate $s >"$T/named.$s" || echo "$s named: $?"
done'
is "$(out)" '' 'no style fails'
for s in $styles; do
	is "$(jq -r '.id' "$T/found.$s" | sort -u | wc -l | tr -d ' ')" 1000 \
	    "$s: found out, all of 1,000"
	same "$T/named.$s" "$T/found.$s" "$s: named, the same"
done
is "$(asked 'select(.path | endswith("array") | not) | .path' | sort |
    uniq -c | awk '$1 != 50' | wc -l | tr -d ' ')" 0 \
    '25 pages of 40 take 25 requests, in every style'

# ---- broken ----
for twist in repeat:3 shift:3- skip:3- total:3-; do
	printf '{"match":{"path":"/api/v2/mock/lists/*","nth":"%s"},"do":{"list":"%s"}}\n' \
	    "${twist#*:}" "${twist%:*}" | rules
	mocked sh -c 'sh "$T/list" page -q'
	exits 7 "page: $twist is noticed"
done
for s in nexturi nextpageuri; do
	printf '{"match":{"path":"/api/v2/mock/lists/*","nth":3},"do":{"list":"foreign"}}\n' |
	    rules
	mocked sh -c "sh \"\$T/list\" $s -q"
	exits 4 "$s: a next page at a foreign origin"
	is "$(asked .path | wc -l | tr -d ' ')" 3 "$s: it is not asked"
	printf '{"match":{"path":"/api/v2/mock/lists/*","nth":3},"do":{"list":"loop"}}\n' |
	    rules
	mocked sh -c "sh \"\$T/list\" $s -q"
	exits 4 "$s: a loop"
done

# ---- a limit on requests ----
: | rules
rm -f "$T/journal"
run gc-mock --rate-limit 600 -j "$T/journal" exec sh "$T/list" page -q
exits 0 'within the rate limit'
is "$(asked 'select(.status == 429) | .path' | wc -l | tr -d ' ')" 0 \
    'no request is refused'

# ---- tokens that end ----
rm -f "$T/journal"
printf '{"match":{"path":"/api/v2/mock/*","nth":[5,40]},"do":{"expire":true}}\n' |
    rules
mocked sh -c 'sh "$T/list" page -q -j 4; sh "$T/list" page -q'
exits 0 'a token that ends in the middle, twice'
is "$(wc -l <"$T/out" | tr -d ' ')" 2000 'costs no record'

# ---- a job, and an export ----
: | rules
own=$HOME/.config/gcpipe/requests
mkdir -p "$own"
cat >"$own/details.jq" <<'END'
# Conversations by a job.
if .step == 0 then {
  method: "POST", path: "/api/v2/analytics/conversations/details/jobs",
  body: {interval: "2026-10-25T00:00:00Z/2026-11-20T00:00:00Z"}, more: true
} elif .step == 1 then {
  path: "/api/v2/analytics/conversations/details/jobs/\(.answer.jobId)",
  poll: {until: ".state == \"FULFILLED\"", interval: 0.02}, more: true
} else {
  path: "/api/v2/analytics/conversations/details/jobs/\(
    .answers[0].jobId)/results", query: {pageSize: 100}, paginate: "cursor"
} end
END
mocked env GC_NOW=2026-11-21T00:00:00Z gc-fetch -r details
exits 0 'a job: submitted, awaited, its results fetched'

done_testing
