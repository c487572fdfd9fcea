/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drift.h -- the parts of gc-drift, and what they share.
 *
 *	main.c		options, the loop, the end
 *	side.c		records or counts -> one side's tallies, a group each
 *	season.c	one side, a day a group -> the last day, its like
 *	stream.c	records in the order of time -> what changed when
 *	answer.c	two tallies -> a test, effects, a verdict
 *	document.c	an answer -> JSON
 */
#ifndef CMD_DRIFT_H
#define CMD_DRIFT_H

#include "json/expr.h"
#include "json/filter.h"
#include "json/key.h"
#include "stat/adjust.h"
#include "stat/adwin.h"
#include "stat/gof.h"
#include "stat/ks.h"
#include "stat/moved.h"
#include "stat/tally.h"

/* In the order of test_name[]. */
enum test {
	TEST_AUTO, TEST_HOMOGENEITY, TEST_GOF, TEST_G, TEST_EXACT,
	TEST_MONTE_CARLO, TEST_KS
};
extern const char *const test_name[];

struct settings {
	const char *key, *by, *baseline;
	enum test test;
	enum adjust adjust;
	double alpha, min_effect, level, power;
	int64_t min_n, rounds, seed;
	bool counts, partial, exit_code, stream, seasonal;
	const char *time;       /* --baseline same-weekday */
	int64_t weeks;
	const struct buf *said; /* members to add to the document */
	double delta;           /* --stream: of false alarms */
};

/* ---- side.c ---- */

/* One side of the comparison. */
struct side {
	struct tally groups;    /* its records by group; one, null, without
	                         * --by */
	struct tally *tally;    /* owned; categories, by the group's number */
	uint32_t cap;
	uint64_t missing;       /* records whose key is null or absent */
};

/* What reads values into a side; one a thread. */
struct reader {
	struct expr *key, *by;  /* owned; NULL for counts, without --by */
	struct buf group, category;
	bool counts, numbers;   /* numbers: nothing else is taken */
	bool days;              /* by is a time, the group its day */
};

int reader_open(struct reader *r, const struct settings *s, bool counts,
    struct fail *why);
void reader_close(struct reader *r);

/* Reads one record. Returns FILTER_USED, FILTER_DROPPED (no key), or
 * FILTER_REJECTED with bad filled; -1 where memory ends. */
int reader_take(struct reader *r, struct side *side, const struct record *rec,
    struct fail *bad);

/* Is this record a count, {"category", "count"}? */
bool reader_is_count(struct json_val v);

int side_merge(struct side *s, const struct side *t, struct fail *why);
void side_free(struct side *s);

/* The side as sorted counts, one record a category. */
int side_write(const struct side *s, struct emit *emit, struct fail *why);

/* ---- season.c ---- */

/* The day of a time, as a group's key. Returns 0 or -1. */
int season_day(struct buf *group, struct json_val v, struct fail *bad);

/* Of a side whose groups are days, makes two without groups: the last day
 * alone, and the same weekdays before it; and says which, as members. */
int season_pick(struct side *all, struct side *baseline, int64_t weeks,
    struct buf *said, struct fail *why);

/* ---- stream.c ---- */

/* One value's share, or the mean of the numbers. */
struct watch {
	struct adwin adwin;
	double sum, squares;    /* of the block that is not full yet */
};

struct stream {
	const struct settings *s;
	bool numbers;
	struct tally names;
	struct watch *watch;    /* owned; by the number in names */
	uint32_t cap;
	int n;                  /* values in the block */
	uint64_t blocks, values, line, changes;
};

int stream_init(struct stream *t, const struct settings *s);
void stream_free(struct stream *t);

/* Reads a record, as reader_take(), and writes what changed. */
int stream_take(struct stream *t, struct reader *r, const struct record *rec,
    struct emit *emit, struct fail *bad);
int stream_end(struct stream *t, struct emit *emit, struct fail *why);

/* ---- answer.c ---- */

/* Both sides of one group, over one list of categories. */
struct table {
	struct tally names;     /* owned: every category of either side */
	uint64_t *a, *b;        /* owned: in code-point order */
	uint32_t *order;        /* owned: a[i] counts names.keys[order[i]] */
	struct pair pair;
	struct ks_value *values;        /* owned: --test ks; nvalues of them */
	size_t nvalues;
};

/* numbers: the categories are, and t->values too is made. */
int table_init(struct table *t, const struct tally *baseline,
    const struct tally *current, bool numbers, struct fail *why);
void table_free(struct table *t);

struct answer {
	enum test test;
	struct gof gof;         /* its p may be another test's */
	struct ks ks;           /* TEST_KS */
	double effect;          /* what --min-effect is held against */
	double p_adjusted;      /* NaN but with --by */
	double p_error;         /* of a drawn p, else NaN */
	uint64_t rounds;
	struct interval v;      /* of Cramer's V */
	double cramers_v, tvd, hellinger, psi, js;
	double seen_v, seen_share;      /* the smallest shift n can show */
	double seen_ks;
	enum { VERDICT_NONE, VERDICT_DRIFT, VERDICT_INSUFFICIENT } verdict;
	const char *warning[6];
	int nwarnings;
};

/* Everything but the verdict. group is its key, NULL where there is one. */
int answer_find(struct answer *a, const struct table *t,
    const struct settings *s, const struct map_key *group, struct fail *why);

/* The verdict, once p is adjusted. */
void answer_judge(struct answer *a, const struct table *t,
    const struct settings *s);

/* ---- document.c ---- */

/* Adds the document, without its line end. group is a key (json/key.h),
 * NULL without --by. */
int document_write(struct buf *b, const struct answer *a,
    const struct table *t, const struct settings *s,
    const struct map_key *group, const uint64_t missing[2],
    struct fail *why);

#endif
