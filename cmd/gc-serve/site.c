/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site.c -- a path to its page; what was made is kept while it holds.
 *
 * The folders are looked at again at most every half second, by whoever asks
 * first then; a page is made anew when it is asked for after something
 * changed, in one of two lanes: pages of the store, which may be a server that
 * does not answer, and all others. Each lane makes a page at a time; meanwhile
 * the others are given what there was before. What a server said, and what
 * could not be made, counts for two seconds. A path is only ever compared,
 * never opened.
 */
#include "serve.h"
#include "stored.h"
#include "base/clock.h"
#include "base/msg.h"

#define LOOK_EVERY INT64_C(500000000)   /* ns */
#define AGAIN INT64_C(2000000000)        /* ns: a server is asked again, and
                                         * what failed is tried again */
#define KEPT 64                         /* pages */

struct kept {
	char *path;             /* owned; NULL: free */
	uint64_t mark;
	int64_t age;
	int64_t used;           /* clock_mono() */
	int64_t until;          /* clock_mono(): made anew from then on */
	struct server_page *page;       /* NULL: there is none (404) */
};

/* The runs as they were found; whoever makes a page of them holds it. */
struct found {
	int refs;
	struct runs runs;
};

enum lane { LANE_RUNS, LANE_STORE, LANES };

struct site {
	const struct settings_serve *o;
	pthread_mutex_t lock;   /* of what follows; held for moments */
	struct found *found;    /* owned: a reference */
	int64_t looked;         /* clock_mono() */
	struct kept kept[KEPT];
	pthread_mutex_t looking;        /* for runs */
	pthread_mutex_t making[LANES];  /* a page */
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

/* Is what was made as it would be made now? */
static bool
kept_holds(const struct kept *k, uint64_t mark, int64_t age)
{
	return k && k->mark == mark && k->age == age &&
	    clock_mono() < k->until;
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
    int64_t until, struct server_page *page)
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
	k->until = until;
	k->page = page;
}

/* ---- what was found ---- */

/* Under the lock. */
static struct found *
hold(struct found *f)
{
	f->refs++;
	return f;
}

static void
drop(struct site *s, struct found *f)
{
	bool last;

	pthread_mutex_lock(&s->lock);
	last = --f->refs == 0;
	pthread_mutex_unlock(&s->lock);
	if (!last)
		return;
	runs_free(&f->runs);
	free(f);
}

/* The folders as they are. NULL where memory ends. */
static struct found *
look(const struct settings_serve *o, struct fail *why)
{
	struct found *f = calloc(1, sizeof *f);

	if (!f) {
		fail(why, EXIT_MACHINE, "out of memory");
		return NULL;
	}
	f->refs = 1;
	if (runs_look(&f->runs, o, why) < 0) {
		free(f);
		return NULL;
	}
	return f;
}

/* The folders as they are now, unless somebody else is at it. */
static void
look_again(struct site *s)
{
	int64_t now = clock_mono();
	struct found *fresh, *old;
	struct fail why;
	bool due;

	pthread_mutex_lock(&s->lock);
	due = now - s->looked >= LOOK_EVERY;
	pthread_mutex_unlock(&s->lock);
	if (!due || pthread_mutex_trylock(&s->looking) != 0)
		return;
	fresh = look(s->o, &why);
	if (!fresh) {
		msg("%s", why.text);
	} else {
		pthread_mutex_lock(&s->lock);
		old = s->found;
		s->found = fresh;
		s->looked = now;
		pthread_mutex_unlock(&s->lock);
		drop(s, old);
	}
	pthread_mutex_unlock(&s->looking);
}

/* ---- making ---- */

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

static enum lane
lane_of(enum leaf leaf)
{
	return (leaf >= LEAF_TREND && leaf <= LEAF_MENTIONS_JSON) ||
	    leaf == LEAF_SCORES || leaf == LEAF_SCORES_JSON ? LANE_STORE :
	    LANE_RUNS;
}

/* What holds at this moment: which run, how old, and by what to know that a
 * page still holds. The runs are held meanwhile. */
static bool
now_at(const struct site *s, const struct runs *runs, const char *path,
    struct subject_served *t, int64_t *age, uint64_t *mark)
{
	int64_t seconds = 0;
	size_t run;

	memset(t, 0, sizeof *t);
	if (!resolve(runs, path, &t->leaf, &run, &t->newest))
		return false;
	t->runs = runs;
	t->stale_after = s->o->stale;
	t->nruns = runs->n;
	t->store = *s->o->store || !runs->side[SIDE_STORE].path ?
	    s->o->store : runs->side[SIDE_STORE].path;
	*mark = runs->mark;
	if (lane_of(t->leaf) == LANE_STORE)
		*mark ^= stored_mark(t->store);
	if (run < runs->n) {
		t->run = &runs->v[run];
		t->before = run + 1 < runs->n ? t->run + 1 : NULL;
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

/* Makes a page that holds now and keeps it; one of a server for a while from
 * when it is made, so that all who waited have it. Returns a reference, or
 * NULL. */
static struct server_page *
make(struct site *s, const struct runs *runs, const char *path)
{
	struct server_page *page = NULL;
	struct subject_served t;
	struct kept *k;
	struct fail why;
	uint64_t mark;
	int64_t age;
	bool made, brief;

	if (!now_at(s, runs, path, &t, &age, &mark))
		return NULL;
	pthread_mutex_lock(&s->lock);
	k = kept_find(s, path);
	made = kept_holds(k, mark, age);
	if (made)
		page = k->page ? server_page_hold(k->page) : NULL;
	pthread_mutex_unlock(&s->lock);
	if (made)
		return page;
	brief = lane_of(t.leaf) == LANE_STORE && stored_server(t.store);
	if (render(&page, &t, &why) < 0) {
		page = broken_page(path, &why);
		brief = true;
	}
	pthread_mutex_lock(&s->lock);
	kept_put(s, path, mark, age, brief ? clock_mono() + AGAIN : INT64_MAX,
	    page ? server_page_hold(page) : NULL);
	pthread_mutex_unlock(&s->lock);
	return page;
}

/* What was made of a path before, with a reference; whether it still holds,
 * and the lane that makes it. */
static struct server_page *
made_before(struct site *s, const struct runs *runs, const char *path,
    bool *holds, enum lane *lane)
{
	struct server_page *old = NULL;
	struct subject_served t;
	struct kept *k;
	uint64_t mark;
	int64_t age;

	*holds = true;
	*lane = LANE_RUNS;
	if (!now_at(s, runs, path, &t, &age, &mark))
		return NULL;
	*lane = lane_of(t.leaf);
	pthread_mutex_lock(&s->lock);
	k = kept_find(s, path);
	*holds = kept_holds(k, mark, age);
	if (k) {
		k->used = clock_mono();
		old = k->page ? server_page_hold(k->page) : NULL;
	}
	pthread_mutex_unlock(&s->lock);
	return old;
}

/* Is a page being made in a lane? */
static bool
is_busy(struct site *s, enum lane lane)
{
	if (pthread_mutex_trylock(&s->making[lane]) != 0)
		return true;
	pthread_mutex_unlock(&s->making[lane]);
	return false;
}

struct server_page *
site_find(void *site, const char *path, int *later)
{
	struct server_page *page;
	struct site *s = site;
	struct found *found;
	enum lane lane;
	bool holds;

	look_again(s);
	pthread_mutex_lock(&s->lock);
	found = hold(s->found);
	pthread_mutex_unlock(&s->lock);
	page = made_before(s, &found->runs, path, &holds, &lane);
	if (later)
		*later = -1;
	if (!holds && !later) {
		server_page_drop(page);
		pthread_mutex_lock(&s->making[lane]);
		page = make(s, &found->runs, path);
		pthread_mutex_unlock(&s->making[lane]);
	} else if (!holds && (!page || !is_busy(s, lane))) {
		server_page_drop(page);
		page = NULL;
		*later = (int)lane;
	}
	drop(s, found);
	return page;
}

int
site_open(struct site **sp, const struct settings_serve *o,
    struct fail *why)
{
	struct site *s = calloc(1, sizeof *s);
	int i;

	if (!s)
		return fail(why, EXIT_MACHINE, "out of memory");
	s->o = o;
	if (!(s->found = look(o, why))) {
		free(s);
		return -1;
	}
	s->looked = clock_mono();
	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_init(&s->looking, NULL);
	for (i = 0; i < LANES; i++)
		pthread_mutex_init(&s->making[i], NULL);
	*sp = s;
	return 0;
}

void
site_close(struct site *s)
{
	int i;

	for (i = 0; i < KEPT; i++)
		kept_drop(&s->kept[i]);
	drop(s, s->found);
	for (i = 0; i < LANES; i++)
		pthread_mutex_destroy(&s->making[i]);
	pthread_mutex_destroy(&s->looking);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
