# pg.sh -- a PostgreSQL server of a test's own; sourced after lib.sh.
#
#	pg_start || skip_all 'no PostgreSQL server here'
#	GC_STORE=$(pg_dsn) gc-store ...
#	pg_sql 'SELECT 1'
#
# It listens on a socket in $T only, sorts text as English does (so that
# whatever leans on the server's order is found out), and goes away with $T.
# A server does not run as root: there it runs as postgres, or nobody.

# shellcheck shell=sh
# shellcheck disable=SC2154 # $T is lib.sh's

PG_DIR=$T/pg

# pg_as COMMAND...: as the server's user.
pg_as() {
	if [ "$(id -u)" != 0 ]; then
		"$@"
	elif id postgres >/dev/null 2>&1; then
		(cd / && runuser -u postgres -- "$@")
	else
		(cd / && runuser -u nobody -- "$@")
	fi
}

pg_find() {
	for PG_BIN in /usr/lib/postgresql/*/bin /usr/local/pgsql/bin \
	    "$(dirname "$(command -v initdb || echo /none/initdb)")"; do
		[ -x "$PG_BIN/initdb" ] && [ -x "$PG_BIN/postgres" ] && return
	done
	return 1
}

pg_init() {
	pg_as "$PG_BIN/initdb" -D "$PG_DIR/data" -U gc -A trust -E UTF8 \
	    --no-sync --locale=C.UTF-8 "$@" >"$T/initdb.log" 2>&1
}

pg_start() {
	pg_find || return 1
	mkdir -p "$PG_DIR"
	chmod 711 "$T"
	if [ "$(id -u)" = 0 ]; then
		chown "$(pg_as id -u)" "$PG_DIR"
	fi
	pg_init --locale-provider=icu --icu-locale=en-US ||
	    { pg_as rm -rf "$PG_DIR/data" && pg_init; } || return 1
	{
		echo "local all guarded scram-sha-256"
		echo "local all barred reject"
		echo "local all all trust"
	} >"$T/hba"
	chmod 644 "$T/hba"
	pg_as cp "$T/hba" "$PG_DIR/data/pg_hba.conf"
	trap 'pg_stop; rm -rf "$T"' EXIT
	pg_as "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -w -t 60 -s \
	    -l "$PG_DIR/log" -o "-c listen_addresses= -k $PG_DIR \
	    -c fsync=off -c full_page_writes=off" start >"$T/pg_ctl.log" 2>&1
}

pg_stop() {
	pg_as "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m immediate -s stop \
	    >"$T/pg_ctl.log" 2>&1
}

# pg_dsn [USER [DATABASE]]
pg_dsn() {
	printf 'postgresql://%s@/%s?host=%s\n' "${1:-gc}" "${2:-postgres}" \
	    "$PG_DIR"
}

# pg_sql SQL...: as psql prints it, without ornaments.
pg_sql() {
	for pg_q in "$@"; do
		"$PG_BIN/psql" -XAtq -h "$PG_DIR" -U gc -d postgres \
		    -v ON_ERROR_STOP=1 -c "$pg_q"
	done
}
