/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site.c -- a path to its page; what was made is kept while it holds.
 *
 * The folders are looked at again at most every half second, by whoever asks
 * first then; a page is made anew when it is asked for after something
 * changed. One thread makes pages at a time; meanwhile the others are given
 * what there was before. A path is only ever compared, never opened.
 */
#include "serve.h"
#include "stored.h"
#include "base/clock.h"
#include "base/msg.h"

#define LOOK_EVERY INT64_C(500000000)   /* ns */
#define KEPT 64                         /* pages */

struct kept {
	char *path;             /* owned; NULL: free */
	uint64_t mark;
	int64_t age;
	int64_t used;           /* clock_mono() */
	struct server_page *page;       /* NULL: there is none (404) */
};

struct site {
	const struct settings_serve *o;
	pthread_mutex_t lock;   /* of what follows; held for moments */
	struct runs runs;
	int64_t looked;         /* clock_mono() */
	struct kept kept[KEPT];
	pthread_mutex_t making; /* of pages, and of lists of runs */
};

/* ---- paths ---- */

static const struct { const char *name; bool alone; } leaf_name[LEAVES] = {
	[LEAF_PAGE] = { "", false },
	[LEAF_DATA] = { "data.json", false },
	[LEAF_SUMMARY] = { "summary.json", false },
	[LEAF_EVALUATION] = { "evaluation.json", false },
	[LEAF_CONFUSION] = { "confusion.json", false },
	[LEAF_DRIFT_DOC] = { "drift.json", false },
	[LEAF_DECISION] = { "decision.json", false },
	[LEAF_PICTURE] = { "confusion_matrix.png", false },
	[LEAF_METRICS] = { "metrics", false },
	[LEAF_MATRIX] = { "matrix", false },
	[LEAF_MATRIX_JSON] = { "matrix.json", false },
	[LEAF_DRIFT] = { "drift", false },
	[LEAF_HISTORY] = { "history", true },
	[LEAF_HISTORY_JSON] = { "history.json", true },
	[LEAF_TREND] = { "trend", true },
	[LEAF_TREND_JSON] = { "trend.json", true },
	[LEAF_MENTIONS] = { "mentions", true },
	[LEAF_MENTIONS_JSON] = { "mentions.json", true },
	[LEAF_CHATS] = { "chats", true },
	[LEAF_CHATS_JSON] = { "chats.json", true },
	[LEAF_SCORES] = { "scores", true },
	[LEAF_SCORES_JSON] = { "scores.json", true },
	[LEAF_INSIGHTS] = { "insights", true },
	[LEAF_INSIGHTS_JSON] = { "insights.json", true },
	[LEAF_HEALTH] = { "healthz", true },
	[LEAF_ICON] = { "icon.svg", true },
};

/* What a path asks for. Returns false where it asks for nothing there is;
 * *run is the number of a run, or 0 and *newest. */
static bool
resolve(const struct runs *runs, const char *path, enum leaf *leaf,
    size_t *run, bool *newest)
{
	size_t n = 1;
	int i;

	*newest = strncmp(path, "/runs/", 6) != 0;
	for (*run = 0; !*newest && *run < runs->n; ++*run) {
		n = strlen(runs->v[*run].base);
		if (strncmp(path, runs->v[*run].base, n) == 0 &&
		    !strchr(path + n, '/'))
			break;
	}
	if (path[0] != '/' || (!*newest && *run == runs->n))
		return false;
	for (i = 0; i < LEAVES; i++)
		if (strcmp(path + n, leaf_name[i].name) == 0 &&
		    (*newest || !leaf_name[i].alone))
			break;
	*leaf = (enum leaf)i;
	return i < LEAVES;
}

/* ---- what was made ---- */

static struct kept *
kept_find(struct site *s, const char *path)
{
	int i;

	for (i = 0; i < KEPT; i++)
		if (s->kept[i].path && strcmp(s->kept[i].path, path) == 0)
			return &s->kept[i];
	return NULL;
}

static void
kept_drop(struct kept *k)
{
	free(k->path);
	server_page_drop(k->page);
	memset(k, 0, sizeof *k);
}

/* Keeps a page, in the place of the one of that path, or of the one longest
 * unused. Takes the reference. */
static void
kept_put(struct site *s, const char *path, uint64_t mark, int64_t age,
    struct server_page *page)
{
	struct kept *k = kept_find(s, path);
	int i;

	for (i = 1, k = k ? k : &s->kept[0]; i < KEPT &&
	    (!k->path || strcmp(k->path, path) != 0); i++)
		if (!s->kept[i].path || (k->path &&
		    s->kept[i].used < k->used))
			k = &s->kept[i];
	kept_drop(k);
	k->path = strdup(path);
	if (!k->path) {
		server_page_drop(page);
		return;
	}
	k->mark = mark;
	k->age = age;
	k->used = clock_mono();
	k->page = page;
}

/* ---- making ---- */

/* The folders as they are now, unless somebody else is at it. */
static void
look_again(struct site *s)
{
	int64_t now = clock_mono();
	struct runs fresh;
	struct fail why;
	bool due;

	pthread_mutex_lock(&s->lock);
	due = now - s->looked >= LOOK_EVERY;
	pthread_mutex_unlock(&s->lock);
	if (!due || pthread_mutex_trylock(&s->making) != 0)
		return;
	if (runs_look(&fresh, s->o, &why) < 0) {
		msg("%s", why.text);
	} else {
		pthread_mutex_lock(&s->lock);
		runs_free(&s->runs);
		s->runs = fresh;
		s->looked = now;
		pthread_mutex_unlock(&s->lock);
	}
	pthread_mutex_unlock(&s->making);
}

/* A page in the place of one that cannot be made. */
static struct server_page *
broken_page(const char *path, const struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct server_page *p;

	msg("%s: %s", path, why->text);
	buf_str_add(&b, "this page cannot be made now; the server's messages "
	    "say why\n");
	p = server_page(500, "text/plain; charset=utf-8", NULL, &b, NULL);
	buf_free(&b);
	return p;
}

/* What holds at this moment: which run, how old, and by what to know that a
 * page still holds. Under the lock. */
static bool
now_at(struct site *s, const char *path, struct subject_served *t,
    size_t *run, int64_t *age, uint64_t *mark)
{
	int64_t seconds = 0;

	memset(t, 0, sizeof *t);
	if (!resolve(&s->runs, path, &t->leaf, run, &t->newest))
		return false;
	t->stale_after = s->o->stale;
	t->nruns = s->runs.n;
	t->store = *s->o->store || !s->runs.side[SIDE_STORE].path ?
	    s->o->store : s->runs.side[SIDE_STORE].path;
	*mark = s->runs.mark;
	if (t->leaf >= LEAF_TREND && t->leaf <= LEAF_SCORES_JSON)
		*mark ^= stored_mark(t->store);
	if (*run < s->runs.n) {
		t->run = &s->runs.v[*run];
		t->before = *run + 1 < s->runs.n ? t->run + 1 : NULL;
		seconds = (clock_now() - t->run->updated) / 1000;
		t->stale = (double)seconds > s->o->stale;
		t->age = age_told(seconds);
	}
	if (t->leaf >= LEAF_HISTORY && t->leaf <= LEAF_INSIGHTS_JSON)
		*age = clock_now() / 60000;
	else
		*age = t->stale ? t->age : -1;
	return true;
}

/* Makes a page and keeps it; one thread at a time. While it is at it the
 * list of runs does not change. Returns a reference, or NULL. */
static struct server_page *
make(struct site *s, const char *path)
{
	struct server_page *page = NULL;
	struct subject_served t;
	struct kept *k;
	struct fail why;
	uint64_t mark;
	int64_t age;
	size_t run;
	bool made;

	pthread_mutex_lock(&s->lock);
	made = !now_at(s, path, &t, &run, &age, &mark);
	t.runs = &s->runs;
	k = made ? NULL : kept_find(s, path);
	if (k && k->mark == mark && k->age == age) {
		made = true;
		page = k->page ? server_page_hold(k->page) : NULL;
	}
	pthread_mutex_unlock(&s->lock);
	if (made)
		return page;
	if (render(&page, &t, &why) < 0)
		page = broken_page(path, &why);
	pthread_mutex_lock(&s->lock);
	kept_put(s, path, mark, age, page ? server_page_hold(page) : NULL);
	pthread_mutex_unlock(&s->lock);
	return page;
}

struct server_page *
site_find(void *site, const char *path)
{
	struct server_page *old = NULL, *page;
	struct subject_served t;
	struct site *s = site;
	struct kept *k = NULL;
	bool known, holds;
	uint64_t mark;
	int64_t age;
	size_t run;

	look_again(s);
	pthread_mutex_lock(&s->lock);
	known = now_at(s, path, &t, &run, &age, &mark);
	k = known ? kept_find(s, path) : NULL;
	holds = k && k->mark == mark && k->age == age;
	if (k) {
		k->used = clock_mono();
		old = k->page ? server_page_hold(k->page) : NULL;
	}
	pthread_mutex_unlock(&s->lock);
	if (!known || holds)
		return old;
	if (!old)
		pthread_mutex_lock(&s->making);
	else if (pthread_mutex_trylock(&s->making) != 0)
		return old;
	page = make(s, path);
	pthread_mutex_unlock(&s->making);
	server_page_drop(old);
	return page;
}

int
site_open(struct site **sp, const struct settings_serve *o,
    struct fail *why)
{
	struct site *s = calloc(1, sizeof *s);

	if (!s)
		return fail(why, EXIT_MACHINE, "out of memory");
	s->o = o;
	if (runs_look(&s->runs, o, why) < 0) {
		free(s);
		return -1;
	}
	s->looked = clock_mono();
	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_init(&s->making, NULL);
	*sp = s;
	return 0;
}

void
site_close(struct site *s)
{
	int i;

	for (i = 0; i < KEPT; i++)
		kept_drop(&s->kept[i]);
	runs_free(&s->runs);
	pthread_mutex_destroy(&s->lock);
	pthread_mutex_destroy(&s->making);
	free(s);
}
