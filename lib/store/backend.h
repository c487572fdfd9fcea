/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backend.h -- what the two ways to keep a table have in common; store.c
 * alone calls it. A text handed to query() has its parameters numbered. */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "store/sql.h"
#include "store/store.h"

struct backend {
	bool server;
	int (*open)(void **db, const char *dsn, enum store_mode mode,
	    struct fail *why);
	void (*close)(void *db);
	int (*run)(void *db, const char *sql, struct fail *why);
	/* value[i] is parameter i + 1 */
	int (*query)(void *db, const char *sql,
	    const struct store_param *const *value, size_t n,
	    store_row *on_row, void *ctx, struct fail *why);
	int (*begin)(void *db, struct fail *why);
	/* begins the transaction too */
	int (*load_open)(void *db, const struct store_table *t,
	    struct fail *why);
	int (*load_row)(void *db, const struct store_table *t,
	    const struct cell *cells, struct fail *why);
	/* doubled: two rows may have the same key */
	int (*load_end)(void *db, const struct store_table *t, bool doubled,
	    uint64_t *changed, struct fail *why);
	void (*load_drop)(void *db);    /* at commit or rollback */
};

extern const struct backend store_sqlite, store_pg;

/* Is it a DSN as libpq reads it, and does it hold a password? pg.c's. */
bool pg_is_dsn(const char *dsn);
bool pg_has_password(const char *dsn);

#endif
