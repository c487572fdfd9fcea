#!/bin/sh
# gc-store on PostgreSQL: what SQLite answers, PostgreSQL answers, to the byte.
. tests/lib.sh
. tests/pg.sh

GC_NOW=2026-03-10T08:00:00Z
export GC_NOW
unset GC_STORE POSTGRES_CONNECTION_STRING PGPASSWORD PGHOST PGUSER PGDATABASE

pg_start || {
	cat "$T"/*.log >&2
	skip_all 'no PostgreSQL server here'
}
dsn=$(pg_dsn)

# both ARGS...: the same command on either store; the answers in $T/file and
# $T/server. The exit code is in $code where they agree.
both() {
	code=0
	gc-store "$@" --store "$T/a.db" >"$T/file" 2>"$T/err" || code=$?
	server=0
	gc-store "$@" --store "$dsn" >"$T/server" 2>"$T/err2" || server=$?
	[ "$code" = "$server" ] || {
		note "file $code, server $server"
		sed 's/^/# /' "$T/err" "$T/err2"
		code=differs
	}
}

# agree TITLE: all tables, by all queries, are the same.
agree() {
	for q in 'query mentions since=0001-01-01 until=9999-12-31' \
	    'query product-mentions since=0001-01-01 until=9999-12-31' \
	    'query trend since=0001-01-01 until=9999-12-31' \
	    'query trend since=-400d type=voice' \
	    'query top-products since=0001-01-01 until=9999-12-31 limit=1000' \
	    'query loads'; do
		# shellcheck disable=SC2086 # words are meant
		both $q
		[ "$code" = 0 ] && [ -s "$T/file" ] || echo "$q: $code"
		cmp "$T/server" "$T/file" 2>&1
	done >"$T/differ"
	is "$(cat "$T/differ")" '' "$1"
}

# ---- texts that break things, and plain ones ----
awk 'BEGIN { srand(11)
	split("voice webchat email Voice _x ~ a-b", type, " ")
	for (i = 0; i < 3000; i++) {
		printf "{\"id\":\"c%d\",\"date\":\"2026-%02d-%02dT%02d:30:00.%03d+%02d:00\"",
		    rand() * 1500, 1 + rand() * 3, 1 + rand() * 28, rand() * 24,
		    rand() * 1000, rand() * 14
		if (rand() < .9) printf ",\"type\":\"%s\"", type[int(1 + rand() * 7)]
		printf ",\"entities\":["
		n = int(rand() * 4)
		for (j = 0; j < n; j++)
			printf "%s{\"id\":\"p%d\",\"name\":\"%s %d\",\"text\":\"t\\t%d\\\\\\n\\r\\u0001\",\"start\":%d,\"end\":%d,\"confidence\":%.17g,\"label\":\"%s\",\"at\":%d}",
			    j ? "," : "", rand() * 30,
			    substr("aBbAZz_-~", 1 + int(rand() * 9), 1),
			    rand() * 5, i, rand() * 50, rand() * 90, rand(),
			    substr("productISSUE", rand() < .5 ? 1 : 8, rand() < .5 ? 7 : 5),
			    rand() * 2
		print "]}" } }' | sed 's/,"label":"[^pI][^"]*"/,"label":null/g' >"$T/in"
cat >"$T/odd" <<'EOF2'
{"id":"\\N","date":"0001-01-01","type":"\\.","entities":[{"id":"\\.","name":"É","text":"a\tb\nc\\d\r\u0007","start":-9223372036854775808,"confidence":1e-310}]}
{"id":"🦊","date":"9999-12-31T23:59:59.999Z","type":"'; DROP TABLE mentions; --","entities":[{"id":"é","name":"z","start":9223372036854775807,"confidence":1.7976931348623157e308}]}
{"id":"NULL","date":"2026-01-01","type":"","entities":[{"id":"e","name":"e","text":"","start":0,"confidence":0.1},{"id":"É","name":"F","start":0,"confidence":-0.0},{"id":"f","name":"f","start":0,"confidence":0.30000000000000004}]}
EOF2
both load mentions "$T/in" "$T/odd"
is "$code" 0 'a load into either'
same "$T/server" "$T/file" 'changes the same number of rows, doubled keys and all'
agree 'every query gives the same bytes'
both load mentions --now 2026-03-11 "$T/in" "$T/odd"
is "$(jq -c '.changed > 0' "$T/file")" "$(jq -c '.changed > 0' "$T/server")" \
	'a repeat agrees'

# A load without doubled keys, twice: nothing at all may change.
gc-store query mentions since=0001-01-01 until=9999-12-31 --store "$T/a.db" >"$T/flat"
both load mentions --now 2026-03-12 "$T/flat"
pg_sql 'SELECT * FROM mentions ORDER BY 1, 2, 3, 4' \
    'SELECT * FROM product_mentions ORDER BY id' >"$T/before"
both load mentions --now 2026-03-13 "$T/flat"
is "$(jq -c .changed "$T/file" "$T/server" | tr '\n' ' ')" '0 0 ' 'a repeat changes no row'
pg_sql 'SELECT * FROM mentions ORDER BY 1, 2, 3, 4' \
    'SELECT * FROM product_mentions ORDER BY id' >"$T/after"
same "$T/after" "$T/before" 'not one byte, ids and times included'
sed 's/"2026-01/"2026-02/' "$T/flat" | head -500 >"$T/moved"
both load mentions --now 2026-03-14 "$T/moved"
is "$(cat "$T/server")" "$(cat "$T/file")" 'days that move'
agree 'leave and reach the same'
is "$(pg_sql 'SELECT count(*) FROM (SELECT recorded_date, interaction_type, product_name, count(*) FROM mentions WHERE label IS NULL OR lower(label) NOT IN ('"'issue', 'misc', 'event', 'work_of_art'"') GROUP BY 1, 2, 3 EXCEPT SELECT recorded_date, interaction_type, product_name, mention_count FROM product_mentions) x')" \
	0 'the counts are what counting all mentions gives'

# ---- bad rows, other tables, SQL of one's own ----
printf '%s\n' '{"id":"g","date":"2026-03-07","entities":[{"id":"ok","start":1}]}' \
    '{"id":"g","date":"2026-03-07","entities":[{"id":"a\u0000b","start":1}]}' \
    '{"id":"g","date":"2026-03-07","entities":[{"id":"x","start":1,"confidence":-1e400}]}' \
    '{"id":"g","entities":[{"id":"x","start":1}]}' >"$T/bad"
both load mentions "$T/bad"
is "$code" 3 'a bad row ends the load'
agree 'and leaves nothing of it'
for s in "$T/a.db" "$dsn"; do
	gc-store load mentions --store "$s" --reject "$T/rej" "$T/bad" >/dev/null 2>&1
	jq -c '[.line, .error]' "$T/rej"
done >"$T/rejects"
is "$(sort "$T/rejects" | uniq -c | awk '{ print $1 }' | tr '\n' ' ')" '2 2 2 ' \
	'--reject puts aside the same'
agree 'and the rest commits'
awk 'BEGIN { srand(3); for (i = 0; i < 2000; i++) printf "{\"contactId\":\"k%d\",\"modelId\":\"m\",\"score\":%.17g,\"confidenceInterval\":{\"lower\":%.3f,\"upper\":null},\"timestamp\":\"2026-01-%02dT12:00:00.%03dZ\"}\n", i, rand(), rand(), i % 31 + 1, i % 1000 }' >"$T/scores"
both load scores "$T/scores"
both query 'SELECT contact_id, score, lower_bound, upper_bound, scored_at, recorded_date, loaded_at FROM scores WHERE score > :x ORDER BY contact_id' x=0
is "$code $(wc -l <"$T/file" | tr -d ' ')" '0 2000' 'scores'
same "$T/server" "$T/file" 'doubles come back as they went'
both query 'SELECT sum(score) AS s FROM scores WHERE false'
same "$T/server" "$T/file" 'null'
both query 'DELETE FROM scores'
is "$code" 2 'a query changes nothing'
both query 'SELECT 1; SELECT 2'
is "$code" 2 'one statement'
both query 'SELECT nosuch FROM mentions'
is "$code" 2 'no such column'
both query '-- nothing'
is "$code" 2 'no statement'
run gc-store query --store "$dsn" "SELECT 1.50::numeric AS n, true AS b, '{\"a\": [1]}'::jsonb AS j, 'NaN'::float8 AS x, '2026-01-02 03:04:05.25+02'::timestamptz AS t, 'a:b'::text AS s"
is "$(out)" '{"n":1.50,"b":true,"j":{"a": [1]},"x":null,"t":"2026-01-02T01:04:05.250Z","s":"a:b"}' \
	'types that SQLite does not have'
run gc-store query --store "$dsn" 'SELECT i FROM generate_series(1, 300000) i'
is "$(tail -1 "$T/out")" '{"i":300000}' 'a long answer streams'

# ---- the schema ----
is "$(pg_sql "SELECT string_agg(column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', ''), ', ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = 'product_mentions'")" \
	'id integer, interaction_type character varying(50), product_name character varying(100), mention_count integer, recorded_date date, loaded_at timestamp with time zone' \
	'product_mentions'
is "$(pg_sql "SELECT string_agg(indexname, ' ' ORDER BY indexname) FROM pg_indexes WHERE tablename = 'product_mentions'")" \
	'idx_mentions_date idx_mentions_natural idx_mentions_type_product product_mentions_pkey' \
	'its indexes'
pg_sql 'DELETE FROM gc_schema WHERE version = 2' 'DROP VIEW product_trend' \
    'DROP TABLE scores' 'DROP TABLE insights'
run gc-store query --store "$dsn" trend
exits 2 'an older version'
run gc-store migrate --store "$dsn"
exits 0 'migrate'
agree 'keeps what is there'

# ---- several at once ----
pg_sql 'CREATE DATABASE many'
many=$(pg_dsn gc many)
for i in 1 2 3 4 5 6; do
	{
		awk -v i=$i 'BEGIN { for (k = 0; k < 300; k++) printf "{\"id\":\"c%d\",\"date\":\"2026-01-01\",\"type\":\"voice\",\"entities\":[{\"id\":\"p\",\"start\":%d},{\"id\":\"p\",\"start\":%d}]}\n", i % 2 ? k : 299 - k, i, i + 100 }' |
		    gc-store load mentions --store "$many" >/dev/null
	} 2>&1 &
done >"$T/many"
wait
is "$(cat "$T/many")" '' 'six loads at once, tables and all'
is "$(gc-store query product-mentions since=2026-01-01 --store "$many" | jq -c .mention_count)" 3600 \
	'none is lost'

# Another program writes a row just before an empty table is filled.
pg_sql 'CREATE DATABASE first'
first=$(pg_dsn gc first)
gc-store migrate -q --store "$first"
"$PG_BIN/psql" -Xq -h "$PG_DIR" -U gc -d first -v ON_ERROR_STOP=1 -c "CREATE FUNCTION cuts_in() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF nextval(''once'') = 1 THEN INSERT INTO mentions VALUES (''c'', 0, 1, ''p'', ''voice'', ''old'', NULL, NULL, NULL, NULL, NULL, ''2026-01-05'', now()); END IF; RETURN NULL; END'" -c 'CREATE SEQUENCE once' \
    -c 'CREATE TRIGGER early BEFORE INSERT ON mentions FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION cuts_in()'
run gc-store load mentions --store "$first" <<'END'
{"id":"c","date":"2026-01-01","type":"voice","entities":[{"id":"p","name":"new","start":1},{"id":"q","start":9}]}
END
is "$code $(jq -c .changed "$T/out") $(gc-store query mentions since=2026-01-01 --store "$first" | jq -r .product_name | tr '\n' ' ')$(gc-store query 'SELECT last_value AS n FROM once' --store "$first")" \
	'0 2 new q {"n":2}' 'a row that comes in between is no hindrance'

# ---- who may ----
pg_sql "CREATE ROLE guarded LOGIN PASSWORD 'geheim'" 'CREATE ROLE barred LOGIN' \
    'CREATE ROLE reader LOGIN' 'GRANT SELECT ON mentions, gc_schema TO reader'
run gc-store query loads --store "$(pg_dsn guarded)"
exits 5 'a password is wanted and there is none'
GC_STORE="postgresql://guarded:falsch@/postgres?host=$PG_DIR" run gc-store query loads
exits 5 'a wrong password'
is "$(grep -c falsch "$T/err")" 0 'it is not repeated'
echo "postgresql://guarded:geheim@/postgres?host=$PG_DIR" >"$T/dsn"
chmod 600 "$T/dsn"
run gc-store query 'SELECT 1 AS one' --dsn-file "$T/dsn"
is "$code$(out)$(err)" '0{"one":1}' 'the right one, from a file'
POSTGRES_CONNECTION_STRING="host=$PG_DIR user=guarded password=geheim dbname=postgres" \
    run gc-store query 'SELECT 1 AS one'
is "$code$(out)" '0{"one":1}' 'from the environment, as a list of words'
run gc-store query loads --store "$(pg_dsn barred)"
exits 5 'who is not let in'
run gc-store load mentions --store "$(pg_dsn reader)" "$T/in"
exits 5 'who may only read'
run gc-store query loads --store "$(pg_dsn gc nosuch)"
exits 2 'no such database'

# ---- what does not fit into an index; a server that goes away ----
awk 'BEGIN { srand(1); for (i = 0; i < 4000; i++) s = s sprintf("%c", 97 + rand() * 26)
	printf "{\"id\":\"%s\",\"date\":\"2026-03-07\",\"entities\":[{\"id\":\"p\",\"start\":1}]}\n", s
	for (i = 0; i < 255; i++) e = e "\360\237\246\212"
	printf "{\"id\":\"%s\",\"date\":\"2026-03-07\",\"entities\":[{\"id\":\"%s\",\"name\":\"n\",\"start\":1}]}\n", e, e }' >"$T/long"
both load mentions --reject "$T/rej" "$T/long"
is "$code $(jq -c .error "$T/rej")" '0 "conversation_id is longer than 255 characters"' \
	'an identifier that no index holds is a bad row on either'
agree 'and all others fit'
pg_sql "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'" \
    'CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON insights DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slowly()'
echo '{"interactionId":"i"}' >"$T/ins"
gc-store load insights --store "$dsn" "$T/ins" >"$T/out" 2>"$T/err" &
pid=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
	backend=$(pg_sql "SELECT pid FROM pg_stat_activity WHERE query = 'COMMIT'")
	[ -z "$backend" ] || break
	sleep 0.3
done
kill -9 "$backend"
code=0
wait $pid || code=$?
exits 4 'the connection breaks at the end of a load'
like "$(err)" '*whether*not known*load*again*' 'which may have been carried out'
for i in 1 2 3 4 5 6 7 8 9 10; do
	pg_sql 'SELECT 1' >/dev/null 2>&1 && break
	sleep 0.3
done
run gc-store query --store "$dsn" 'SELECT pg_terminate_backend(pg_backend_pid())'
exits 4 'the connection breaks'
mkfifo "$T/fifo"
gc-store load mentions --store "$dsn" "$T/fifo" >"$T/out" 2>"$T/err" &
pid=$!
exec 3>"$T/fifo"
head -200 "$T/in" | sed 's/"id":"c/"id":"new/' >&3
sleep 1
pg_stop
head -2000 "$T/in" >&3
exec 3>&-
code=0
wait $pid || code=$?
exits 4 'in the middle of a load'
run gc-store query loads --store "$dsn"
exits 4 'no server'
like "$(err)" '*cannot connect to the server*' 'says so'
pg_as "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -w -s -l "$PG_DIR/log" \
    -o "-c listen_addresses= -k $PG_DIR" start >/dev/null 2>&1
is "$(pg_sql "SELECT count(*) FROM mentions WHERE conversation_id LIKE 'new%'")" 0 \
	'nothing of the broken load is there'

done_testing
