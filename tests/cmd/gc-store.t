#!/bin/sh
# gc-store: loads and queries, on SQLite.
. tests/lib.sh

GC_NOW=2026-03-10T08:00:00Z
export GC_NOW
unset GC_STORE POSTGRES_CONNECTION_STRING

cd "$T" || exit 1

# counts: the derived table, in order of its natural key, ids and all.
counts() {
	gc-store query 'SELECT id, recorded_date AS d, interaction_type AS t,
	    product_name AS p, mention_count AS n, loaded_at AS l
	    FROM product_mentions ORDER BY d, t, p' |
	    jq -r '"\(.d[5:]) \(.t) \(.p) \(.n)"' | tr '\n' ';'
}

cat >in <<'END'
{"id":"c1","type":"voice","date":"2026-03-01T10:00:00Z","entities":[{"text":"Acme \"R\"outer","label":"product","start":3,"end":16,"confidence":1,"source":"pattern","id":"acme router"},{"text":"Bob","label":"PERSON","start":20,"end":23,"confidence":0.5,"source":"model"},{"text":"acme","label":"product","start":40,"end":44,"confidence":0.875,"source":"pattern","id":"acme router","at":1}]}
{"id":"c2","type":"webchat","date":"2026-03-02T23:59:59-02:00","entities":[{"text":"QHS","label":"product","start":0,"end":3,"id":"quantum headset"},{"text":"no sound","label":"issue","start":9,"end":17,"id":"no-sound"}]}
{"id":"c3","date":"2026-03-03","entities":[]}
{"id":9007199254740993,"date":"2026-03-03","entities":[{"text":"qh","start":9007199254740993,"end":2,"id":"quantum headset"}]}
END

# ---- a load ----
run gc-store load mentions in
exits 0 'a load'
is "$(out)" '{"kind":"load","table":"mentions","rows":5,"changed":5,"passed_over":1,"loaded_at":"2026-03-10T08:00:00Z"}' \
	'says what it did; an entity without an id is no mention'
is "$(counts)" '03-01 voice acme router 2;03-03 unknown quantum headset 1;03-03 webchat quantum headset 1;' \
	'counted by type and the day in UTC; an absent type is unknown, an issue no product'
run gc-store query mentions since=2026-03-01
is "$(jq -r .conversation_id out | tr '\n' ' ')" 'c1 c1 9007199254740993 c2 c2 ' \
	'mentions are rows of their own'
is "$(jq -c 'select(.text_number == 1) | [.surface, .start, .end_offset, .confidence, .source, .loaded_at]' out)" \
	'["acme",40,44,0.875,"pattern","2026-03-10T08:00:00Z"]' 'with their place'
is "$(jq -r 'select(.start == 3) | .surface' out)" 'Acme "R"outer' 'escapes are read'
is "$(grep -c '"start":9007199254740993,' out)" 1 'integers of 64 bits stay exact'
is "$(gc-store query 'SELECT typeof(start) || typeof(conversation_id) AS t FROM mentions WHERE start > 1000000')" \
	'{"t":"integertext"}' 'and are no REAL'

# ---- again ----
sqlite3 gcpipe.db .dump >before
run gc-store load mentions --now 2026-03-11 in
is "$(out | jq -c '[.rows, .changed]')" '[5,0]' 'a repeat changes nothing'
sqlite3 gcpipe.db .dump >after
same after before 'not one byte of any table'
sed 's/03-01T10/03-04T10/; s/"voice"/"chat"/' in | gc-store load mentions --now 2026-03-12 >out
is "$(jq -c '[.rows, .changed]' out)" '[5,2]' 'what changed is written again'
is "$(counts)" '03-03 unknown quantum headset 1;03-03 webchat quantum headset 1;03-04 chat acme router 2;' \
	'the day that was left and the day that was reached are counted again'
is "$(gc-store query 'SELECT DISTINCT loaded_at AS l FROM mentions ORDER BY l' | tr '\n' ' ')" \
	'{"l":"2026-03-10T08:00:00Z"} {"l":"2026-03-12T00:00:00Z"} ' \
	'loaded_at is the load that changed the row'
printf '%s\n' '{"id":"d","date":"2026-03-05","entities":[{"id":"x","start":1,"text":"old"}]}' \
	'{"id":"d","date":"2026-03-05","entities":[{"id":"x","start":1,"text":"new"}]}' |
	gc-store load mentions >out
is "$(gc-store query "SELECT surface AS s FROM mentions WHERE conversation_id = 'd'")" \
	'{"s":"new"}' 'of two rows with one key the last counts'
printf '%s\n' '{"conversation_id":"f","start":2,"entity_id":"e","product_name":"p","recorded_date":"2026-03-06"}' |
	gc-store load mentions >out
is "$(counts | tr ';' '\n' | grep 03-06)" '03-06 unknown p 1' 'a row as it stands in the table'
gc-store query mentions since=2026-01-01 >rows
rm -f copy.db
gc-store load mentions --store copy.db rows >out
gc-store query --store copy.db product-mentions >one
gc-store query product-mentions >two
is "$(jq -c .rows out)" "$(wc -l <rows | tr -d ' ')" 'what a query wrote can be loaded'
same one two 'and counts the same'

# ---- bad rows ----
cat >bad <<'END'
{"id":"g","date":"2026-03-07","entities":[{"id":"ok","start":1}]}
{"id":"g","entities":[{"id":"ok","start":2}]}
{"id":"g","date":"2026-02-30","entities":[{"id":"ok","start":2}]}
{"id":"g","date":"2026-03-07","entities":[{"id":"first is fine","start":3},{"id":"second is not"}]}
{"id":"g","date":"2026-03-07","entities":[{"id":"x","start":1.5}]}
{"id":"g","date":"2026-03-07","entities":[{"id":"x","start":9223372036854775808}]}
{"id":"g","date":"2026-03-07","entities":[{"id":["x"],"start":1}]}
{"id":"g","date":"2026-03-07","entities":[{"id":"a\u0000b","start":1}]}
{"id":"g","date":"2026-03-07","entities":[{"id":"","start":1}]}
{"id":"g","date":"2026-03-07","type":"ééééééééééééééééééééééééééééééééééééééééééééééééééx","entities":[{"id":"x","start":1}]}
{"id":"g","date":"2026-03-07","entities":{"id":"x","start":1}}
{"id":"g","date":"2026-03-07","entities":[1]}
{"id":"g","date":"2026-03-07","entities":[{"id":"x","start":1,"confidence":1e400}]}
[1]
nonsense
{"id":"g","date":"2026-03-07","type":"éééééééééééééééééééééééééééééééééééééééééééééééééé","entities":[{"id":"50 fit","start":1.0e1}]}
END
run gc-store load mentions --store bad.db bad
exits 3 'a bad row without --reject'
like "$(err)" 'gc-store: bad:2:*no recorded_date*' 'its place and what is wrong'
run gc-store query --store bad.db 'SELECT count(*) AS n FROM mentions'
is "$(out)" '{"n":0}' 'nothing of the load stays'
run gc-store load mentions --store bad.db --reject rej bad
exits 0 'with --reject'
is "$(jq -r .line rej | tr '\n' ' ')" '2 3 4 5 6 7 8 9 10 11 12 13 14 15 ' 'the bad ones go there'
run gc-store query --store bad.db 'SELECT entity_id AS e, start FROM mentions ORDER BY start'
is "$(out | tr '\n' ' ')" '{"e":"ok","start":1} {"e":"50 fit","start":10} ' \
	'the rest is committed, no half of a record'
run gc-store load mentions --store more.db --reject rej2 --max-reject 3 bad
exits 3 '--max-reject'
run gc-store query --store more.db 'SELECT count(*) AS n FROM mentions'
is "$(out)" '{"n":0}' 'and then nothing is loaded'
sed 's/}$/,"date":"2026-03-07"}/' bad | sed -n 2p >mended
jq -c --slurpfile m mended '.record = $m[0]' rej | head -1 >retry
run gc-store load mentions --store bad.db --retry retry
is "$code $(out | jq .changed)" '0 1' '--retry takes what was mended'
gc-store load mentions --store bad.db --ledger ledger --reject rej bad >/dev/null 2>&1
is "$(jq -c '[.tool, .in, .used, .rejected]' ledger)" '["gc-store",16,2,14]' '--ledger'

# ---- other tables ----
cat >scores <<'END'
{"contactId":"a","score":0.1,"confidenceInterval":{"lower":0.05,"upper":0.2},"latencyMs":12,"timestamp":"2026-03-01T10:00:00.5Z","modelId":"m","imputed":[],"flags":[]}
{"contactId":"b","score":1,"confidenceInterval":null,"latencyMs":12,"timestamp":"2026-03-01T10:00:00Z","modelId":"m"}
END
run gc-store load scores scores
run gc-store query 'SELECT contact_id AS c, score AS s, lower_bound AS l, scored_at AS t FROM scores ORDER BY c'
is "$(out | tr '\n' ' ')" '{"c":"a","s":0.1,"l":0.05,"t":"2026-03-01T10:00:00.500Z"} {"c":"b","s":1,"l":null,"t":"2026-03-01T10:00:00Z"} ' \
	'scores'
echo '{"interactionId":"i","speechAnalytics":{"count":3,"sum":1.5},"sentiment":{"count":2,"avg":0.25},"csat":4}' >ins
run gc-store load insights ins
run gc-store query 'SELECT speech_count AS c, sentiment_avg AS a, csat, recorded_date AS d FROM insights'
is "$(out)" '{"c":3,"a":0.25,"csat":4,"d":null}' 'insights'
run gc-store load product_mentions in
exits 2 'product_mentions is made, not loaded'
run gc-store load nosuch in
exits 2 'no such table'
run gc-store load ../secret in
exits 2 'a table is no path'

# ---- queries ----
run gc-store query trend since=2026-03-03 until=2026-03-04
is "$(out | tr '\n' ' ')" '{"recorded_date":"2026-03-03","product_name":"quantum headset","mention_count":2} {"recorded_date":"2026-03-04","product_name":"acme router","mention_count":2} ' \
	'trend'
run gc-store query trend type=webchat since=-30d
is "$(out | jq -c '[.recorded_date, .mention_count]')" '["2026-03-03",1]' 'of one type, of 30 days'
run gc-store query top-products limit=1
is "$(out | jq -c '[.product_name, .mention_count]')" '["acme router",2]' 'top-products'
run gc-store query "SELECT 'it''s :a' AS a, :b AS b, 1.5 AS c, NULL AS d" b='x y'
is "$(out)" '{"a":"it'\''s :a","b":"x y","c":1.5,"d":null}' 'SQL of one'\''s own, with a parameter'
echo 'SELECT 1 AS one' >q.sql
run gc-store query @q.sql
is "$(out)" '{"one":1}' 'SQL in a file'
run gc-store --list
like "$(out)" '*trend*:since day -30d*' '--list'
for sql in 'DELETE FROM mentions' 'DROP TABLE mentions' 'SELECT 1; SELECT 2' \
    'SELECT' 'SELECT * FROM nosuch' 'SELECT :x' '' '-- nothing'; do
	run gc-store query "$sql"
	is "$code$(out)" 2 "'$sql' is refused"
done
run gc-store query nosuch
exits 2 'no such query'
run gc-store query trend days=30
exits 2 'no such parameter'
run gc-store query trend since=yesterday
exits 2 'no such day'
gc-store query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n" -o file
is "$(tr -d '\n' <file)" '{"i":1}{"i":2}{"i":3}' '-o'

# ---- places ----
run gc-store query --store none.db trend
exits 2 'no store yet'
run gc-store load mentions --store "$T/no/such/folder/x.db" in
exits 2 'a store that cannot be made'
run gc-store query --store in trend
exits 2 'a file that is no store'
is "$(head -c 3 in)" '{"i' 'and is left alone'
GC_STORE=env.db gc-store load mentions in >out
[ -s env.db ]
ok $? 'GC_STORE'
echo file.db >dsn
gc-store load mentions --dsn-file dsn in >out
[ -s file.db ]
ok $? '--dsn-file'
run gc-store load mentions --store postgresql://u:geheim@127.0.0.1:1/d in
exits 2 'a password in an argument'
run gc-store query loads --store 'host=127.0.0.1 password=geheim'
is "$code$(grep -c geheim err)" 20 'in a list of words too; it is not repeated'
GC_STORE='postgresql://u:ge%heim@127.0.0.1:1/d' run gc-store query loads
is "$code$(grep -c heim err)" 20 'a DSN that cannot be read is not repeated'
GC_STORE='postgresql://u:geheim@127.0.0.1:1/d' run gc-store load mentions in
exits 4 'a connection refused'
like "$(err)" '*cannot connect to the server: Connection refused' 'says so'
GC_STORE='' POSTGRES_CONNECTION_STRING='postgresql://u:geheim@127.0.0.1:1/d' run gc-store query loads
exits 4 'POSTGRES_CONNECTION_STRING'
POSTGRES_CONNECTION_STRING=some.db run gc-store query loads
exits 2 'which is no file'
echo 'postgresql://u:geheim@127.0.0.1:1/d' >dsn
chmod 644 dsn
run gc-store query --dsn-file dsn loads
like "$code$(err)" '4*chmod 600*' 'a file with a password that all can read is told'

for name in '' :memory:; do
	run gc-store load mentions --store "$name" in
	is "$code" 2 "a store named '$name' would vanish with its rows"
done
run gc-store load mentions --store 'file:x?mode=memory' in
is "$code $(find . -name 'file:*' | head -1)" '0 ./file:x?mode=memory' 'a name that looks like a URL is a file'
rm -f file:*
run gc-store query --store bad.db "VACUUM INTO 'other.db'"
is "$code $(find . -name other.db)" '2 ' 'a query makes no file'

# ---- versions ----
sqlite3 gcpipe.db 'DELETE FROM gc_schema WHERE version = 2; DROP VIEW product_trend; DROP TABLE scores; DROP TABLE insights'
sqlite3 gcpipe.db 'SELECT * FROM mentions' >before
run gc-store query trend
exits 2 'a store of an older version'
like "$(err)" '*version 1*gc-store migrate*' 'says what to do'
run gc-store migrate
exits 0 'migrate'
sqlite3 gcpipe.db 'SELECT * FROM mentions' >after
same after before 'keeps what is there'
run gc-store load scores scores
exits 0 'and makes what is new'
sqlite3 gcpipe.db 'INSERT INTO gc_schema VALUES (99, 0)'
run gc-store load mentions in
exits 2 'a store of a newer version is left alone'
is "$(sqlite3 bad.db 'PRAGMA journal_mode')" wal 'WAL'
is "$(sqlite3 bad.db "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%' AND NOT strict")" \
	0 'every table is STRICT'
is "$(sqlite3 bad.db "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'idx_mentions_%' AND tbl_name = 'product_mentions' ORDER BY 1" | tr '\n' ' ')" \
	'idx_mentions_date idx_mentions_natural idx_mentions_type_product ' 'the indexes'

# ---- several at once, and one that is killed ----
rm -f many.db
for i in 1 2 3 4 5 6 7 8; do
	{
		sed "s/\"c1\"/\"p$i\"/" in | head -1 |
		    gc-store load mentions --store many.db >/dev/null ||
		    echo failed
	} 2>&1 &
done >many.out
wait
is "$(cat many.out)" '' 'eight loads at once, none fails'
is "$(gc-store query --store many.db product-mentions | jq -c .mention_count)" 16 'none is lost'
awk 'BEGIN { for (i = 0; i < 300000; i++) printf "{\"id\":\"k%d\",\"date\":\"2026-01-%02d\",\"entities\":[{\"id\":\"p%d\",\"start\":1}]}\n", i, i % 28 + 1, i % 5 }' >big
gc-store load mentions --store many.db big >/dev/null 2>&1 &
pid=$!
sleep 0.3
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
is "$(gc-store query --store many.db 'SELECT count(*) IN (16, 300016) AS n FROM mentions')" \
	'{"n":1}' 'a load that is killed leaves all or nothing'
if [ -w /dev/full ]; then
	code=0
	gc-store query --store many.db loads >/dev/full 2>err || code=$?
	exits 6 'a full disk'
else
	skip 1 'no /dev/full'
fi

cd / || exit 1
done_testing
