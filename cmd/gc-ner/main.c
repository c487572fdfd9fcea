/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-ner -- products, organisations, issues and whatever else a model names.
 *
 * Reads records, finds the entities of their texts by a spaCy pipeline, as
 * spaCy itself would, and adds them to the record.
 */
#include "tool.h"
#include "base/msg.h"

static struct {
	const char *model, *components, *text, *join, *group, *confidence;
	const char *labels, *calibration, *fuzzy;
	struct opt_list gazetteers;
	double threshold;
	const char *phrase_attr, *gold, *gold_by;
	bool no_model, lint;
	struct rule_opts rule;
} o;
static struct filter_opts fo = FILTER_DEFAULTS;

static const struct opt table[] = {
	{ 'm', "model", "NAME|DIR", OPT_STR, &o.model, 0, 0,
	    "the pipeline: a name, or its folder (en_core_web_sm)" },
	{ 0, "gazetteer", "FILE", OPT_LIST, &o.gazetteers, 0, 0,
	    "find the names in FILE, TSV or NDJSON" },
	{ 0, "fuzzy", "[=KIND]", OPT_STR, &o.fuzzy, 0, 0,
	    "mistyped names of gazetteers, too; =speech: misheard" },
	{ 0, "lint", NULL, OPT_FLAG, &o.lint, 0, 0,
	    "only say what is wrong with the gazetteers" },
	{ 'p', "patterns", "FILE", OPT_LIST, &o.rule.files, 0, 0,
	    "find what the patterns over tokens in FILE match" },
	{ 0, "phrase-attr", "NAME", OPT_STR, &o.phrase_attr, 0, 0,
	    "what phrases are compared by (ORTH): LOWER, NORM, ..." },
	{ 0, "patterns-yield", NULL, OPT_FLAG, &o.rule.yield, 0, 0,
	    "where both find something, the model's entity stays" },
	{ 0, "no-model", NULL, OPT_FLAG, &o.no_model, 0, 0,
	    "what the other options find, without a model" },
	{ 0, "components", "NAME", OPT_STR, &o.components, 0, 0,
	    "ner: that component alone, without sentences" },
	{ 't', "text", "EXPR", OPT_STR, &o.text, 0, 0,
	    "the texts of a record (.text, .messages[].text, ...)" },
	{ 0, "join", "TEXT", OPT_STR, &o.join, 0, 0,
	    "join a record's texts by TEXT, blank ones left out" },
	{ 'l', "labels", "A,B,...", OPT_STR, &o.labels, 0, 0,
	    "only entities with these labels" },
	{ 'g', "group", "FILE", OPT_STR, &o.group, 0, 0,
	    "add groups of entities' texts, by label, as FILE says" },
	{ 0, "gold", "EXPR|FILE", OPT_STR, &o.gold, 0, 0,
	    "score what is found against gold spans" },
	{ 0, "gold-by", "NAME", OPT_STR, &o.gold_by, 0, 0,
	    "what must agree: label (default) or id" },
	{ 0, "threshold", "X", OPT_NUM, &o.threshold, 0, 1,
	    "drop entities of less confidence (0)" },
	{ 0, "confidence", "KIND", OPT_STR, &o.confidence, 0, 0,
	    "heuristic (default), or model: its own probability" },
	{ 0, "calibration", "FILE", OPT_STR, &o.calibration, 0, 0,
	    "bend the model's probabilities as FILE says" },
	OPT_END
};
static const struct opt common[] = {
	FILTER_JOBS(fo), FILTER_OPTS(fo), OPT_END
};

static const struct cmd cmd = {
	"gc-ner", "[options] [FILE...]",
	"find the entities in the texts of records", { table, common }
};

struct worker {
	struct texts texts;             /* without a model */
	struct found found;
	struct ahead *ahead;            /* owned; NULL: no model */
	struct mentions *mentions;      /* owned; NULL: no gazetteer */
	struct rule_work *rule;         /* owned; NULL: no patterns */
	struct gold_work *gold;         /* owned; NULL: no --gold */
};

/* What all workers share; all of it owned. */
struct shared {
	struct found_opts found;
	struct pipeline *pipeline;      /* NULL: no model */
	struct names names;
	struct rules *rules;            /* NULL: none */
	struct gold *gold;              /* NULL: records are written */
	struct groups groups;
	struct calibration calibration;         /* with --calibration */
	char *labels;
};

static void
worker_free(struct worker *w)
{
	texts_close(&w->texts);
	found_free(&w->found);
	ahead_close(w->ahead);
	mentions_close(w->mentions);
	rule_work_close(w->rule);
	gold_work_close(w->gold);
	free(w);
}

static int
open_model(struct worker *w, const struct shared *s, struct fail *why)
{
	struct ner *ner;

	if (ner_open(&ner, s->pipeline, ner_share((size_t)fo.jobs), why) < 0)
		return -1;
	if (o.calibration)
		ner->calibration = &s->calibration;
	return ahead_open(&w->ahead, ner, o.text, o.join, why);
}

static int
on_open(void *ctx, void **worker, struct fail *why)
{
	const struct shared *s = ctx;
	struct worker *w = calloc(1, sizeof *w);

	if (!w)
		return fail_errno(why, "a worker");
	found_init(&w->found, &s->found);
	if (texts_open(&w->texts, o.text, o.join, why) < 0 ||
	    (s->pipeline && open_model(w, s, why) < 0) ||
	    (s->names.gazetteer && mentions_open(&w->mentions,
	    s->names.gazetteer, &s->names.tools, why) < 0) ||
	    (s->rules && rule_work_open(&w->rule, s->rules, why) < 0) ||
	    (s->gold && gold_work_open(&w->gold, s->gold, why) < 0)) {
		worker_free(w);
		return -1;
	}
	*worker = w;
	return 0;
}

/* The texts of a record, and what the model, where there is one, finds in
 * them. Returns FILTER_USED, FILTER_REJECTED, or -1. */
static int
take(const struct shared *s, struct worker *w, const struct record *rec,
    struct texts **t, const struct ner **ner, struct emit *emit,
    struct fail *why)
{
	unsigned flags = 0;

	*ner = NULL;
	*t = &w->texts;
	if (!w->ahead)
		return texts_take(*t, rec, emit, why);
	if (s->found.probability)
		flags |= NER_PROBABILITY;
	if (s->rules && rules_need_sentences(s->rules))
		flags |= NER_SENTENCES;
	return ahead_take(w->ahead, rec, flags, emit, t, ner, why);
}

/* The finders, one after the other: the texts of a record to what they found
 * in them. Returns 0 or -1. */
static int
find(struct worker *w, struct texts *t, const struct ner *ner,
    struct fail *why)
{
	size_t i;

	if (ner && found_model(&w->found, ner, t, why) < 0)
		return -1;
	for (i = 0; w->mentions && i < t->n; i++)
		if (mentions_find(w->mentions, t->v[i].p, t->v[i].n, why) < 0 ||
		    found_names(&w->found, w->mentions, (uint32_t)i, why) < 0)
			return -1;
	return w->rule ? rule_find(w->rule, t, ner, &w->found, why) : 0;
}

static int
on_record(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	const struct shared *s = ctx;
	struct worker *w = worker;
	const struct ner *ner;
	struct texts *t;
	int r;

	if (json_type(rec->val) != JSON_OBJECT)
		return filter_reject(emit, rec, NULL, "not-an-object",
		    "a record that gets a field must be an object");
	if ((r = take(s, w, rec, &t, &ner, emit, why)) != FILTER_USED)
		return r;
	found_clear(&w->found);
	if (find(w, t, ner, why) < 0)
		return why->code == EXIT_DATA ? filter_reject(emit, rec, NULL,
		    "text", "%s", why->text) : -1;
	if (w->gold)
		return gold_take(w->gold, rec, t, &w->found, emit,
		    why);
	return found_write(&w->found, t, rec, emit, why) < 0 ?
	    -1 : FILTER_USED;
}

static int
on_close(void *ctx, void *worker, struct fail *why)
{
	struct shared *s = ctx;
	struct worker *w = worker;
	int r = 0;

	if (why && w->gold)
		r = gold_merge(s->gold, w->gold, why);
	worker_free(w);
	return r;
}

static int
on_end(void *ctx, struct emit *emit, struct fail *why)
{
	struct shared *s = ctx;

	return s->gold ? gold_write(s->gold, emit, why) : 0;
}

/* "A, B": cut in place into a list, without the blanks; the text is a copy,
 * which the caller owns. */
static int
split_labels(struct opt_list *list, const char *text, char **copy)
{
	size_t n = 1, i;
	char *p, *next;

	for (i = 0; text[i]; i++)
		n += text[i] == ',';
	*copy = malloc(i + 1);
	list->v = calloc(n, sizeof *list->v);
	if (!*copy || !list->v)
		return -1;
	memcpy(*copy, text, i + 1);
	for (p = *copy; p; p = next) {
		if ((next = strchr(p, ',')))
			*next++ = '\0';
		p += strspn(p, " ");
		for (i = strlen(p); i > 0 && p[i - 1] == ' ';)
			p[--i] = '\0';
		list->v[list->n++] = p;
	}
	return 0;
}

static int
prepare(struct shared *s)
{
	struct found_opts *f = &s->found;
	bool alone = o.components != NULL;
	int attr = o.phrase_attr ? attr_find(o.phrase_attr,
	    strlen(o.phrase_attr)) : ATTR_ORTH;

	if (o.no_model && (o.model || alone || o.confidence))
		return opt_wrong(&cmd, "--no-model goes with none of --model, "
		    "--components and --confidence");
	if (o.fuzzy && *o.fuzzy && strcmp(o.fuzzy, "speech") != 0)
		return opt_wrong(&cmd, "--fuzzy knows no '%s'", o.fuzzy);
	if (o.fuzzy && !o.gazetteers.n)
		return opt_wrong(&cmd, "--fuzzy needs a gazetteer");
	if (alone && strcmp(o.components, "ner") != 0)
		return opt_wrong(&cmd, "--components can be ner, not '%s'",
		    o.components);
	if (o.confidence && strcmp(o.confidence, "heuristic") != 0 &&
	    strcmp(o.confidence, "model") != 0)
		return opt_wrong(&cmd, "--confidence is heuristic or model, "
		    "not '%s'", o.confidence);
	if (attr < 0 || attr >= ATTR_SPACY)
		return opt_wrong(&cmd, "phrases cannot be compared by '%s'",
		    o.phrase_attr);
	if (o.gold_by && (!o.gold || (strcmp(o.gold_by, "label") != 0 &&
	    strcmp(o.gold_by, "id") != 0)))
		return opt_wrong(&cmd, "--gold-by goes with --gold, and is "
		    "label or id");
	o.rule.phrase = (enum attr)attr;
	if (o.calibration && (!o.confidence || o.confidence[0] != 'm'))
		return opt_wrong(&cmd, "--calibration goes with --confidence "
		    "model");
	f->probability = o.confidence && o.confidence[0] == 'm';
	f->threshold = o.threshold;
	f->groups = o.group ? &s->groups : NULL;
	if (o.labels && split_labels(&f->labels, o.labels, &s->labels) < 0) {
		msg("out of memory");
		return EXIT_MACHINE;
	}
	return 0;
}

/* Finds and opens the model. Where none was named and none is there, the
 * other finders work alone, if there are any. */
static int
load_model(struct shared *s, bool others)
{
	struct buf dir = BUF_INIT(BUF_PATH);
	const char *name = o.model ? o.model : getenv("GC_NER_MODEL");
	bool named = name && *name;
	struct fail why;
	int r = 0;

	if (place_find(&dir, named ? name : "en_core_web_sm", &why) < 0) {
		if (others && !named)
			msg_note("there is no model: patterns and gazetteers "
			    "alone (--no-model asks for that)");
		else
			r = msg_fail(&why);
	} else if (pipeline_open(&s->pipeline, buf_str(&dir), PIPELINE_CACHED |
	    (o.components ? PIPELINE_NER_ALONE : 0), &why) < 0) {
		r = msg_fail(&why);
	}
	buf_free(&dir);
	s->found.pipeline = s->pipeline;
	return r;
}

/* --lint: no records are read. Returns the exit code. */
static int
lint(void)
{
	struct names names;
	struct fail why;
	int r;

	memset(&names, 0, sizeof names);
	if (!o.gazetteers.n)
		return opt_wrong(&cmd, "--lint needs a gazetteer");
	if ((r = names_open(&names, &o.gazetteers, "", &why)) == 0)
		r = lint_names(&names, fo.output, &why);
	names_close(&names);
	free(o.gazetteers.v);
	return r < 0 ? msg_fail(&why) : r;
}

static int
load(struct shared *s)
{
	bool others = o.gazetteers.n || o.rule.files.n; /* than the model */
	struct fail why;
	int r;

	if ((o.group && groups_read(&s->groups, o.group, &why) < 0) ||
	    (o.gazetteers.n && names_open(&s->names, &o.gazetteers, o.fuzzy,
	    &why) < 0) || (o.calibration &&
	    calibration_read(&s->calibration, o.calibration, &why) < 0) ||
	    (o.gold && gold_open(&s->gold, o.gold, o.gold_by &&
	    o.gold_by[0] == 'i', o.group ? &s->groups : NULL, &why) < 0))
		return msg_fail(&why);
	s->found.names = &s->names;
	if (o.no_model && !others)
		return opt_wrong(&cmd, "--no-model leaves nothing that finds "
		    "entities");
	if (!o.no_model && (r = load_model(s, others)) != 0)
		return r;
	o.rule.pipeline = s->pipeline;
	if (o.rule.files.n && rules_open(&s->rules, &o.rule, &why) < 0)
		return msg_fail(&why);
	return 0;
}

static void
shared_free(struct shared *s)
{
	rules_close(s->rules);
	gold_close(s->gold);
	pipeline_close(s->pipeline);
	names_close(&s->names);
	buf_free(&s->groups.text);
	calibration_free(&s->calibration);
	free(s->found.labels.v);
	free(s->labels);
	free(o.gazetteers.v);
	free(o.rule.files.v);
}

int
main(int argc, char **argv)
{
	struct shared s;
	struct filter f;
	int first, status;

	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	if (o.lint)
		return lint();
	memset(&s, 0, sizeof s);
	memset(&f, 0, sizeof f);
	if ((status = prepare(&s)) == 0 && (status = load(&s)) == 0) {
		f.opts = &fo;
		f.ctx = &s;
		f.open = on_open;
		f.record = on_record;
		f.close = on_close;
		f.end = on_end;
		f.files = argv + first;
		f.nfiles = argc - first;
		status = filter_run(&f);
	}
	shared_free(&s);
	return status;
}
