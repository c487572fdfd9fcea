/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/jq.h"

#include <setjmp.h>
#include <jv.h>
#include <jq.h>

#include "json/spell.h"

struct jq {
	jq_state *state;
	jmp_buf no_memory;      /* libjq would abort; we give up on it */
	bool dead;              /* did so: its state is not touched again */
	char *what;             /* owned: names the program in messages */
	struct buf errors;      /* what libjq said while compiling */
	struct spell spell;     /* long integers keep their digits */
	struct buf text;        /* a string, decoded */
};

/* libjq says "jq: error: syntax error, ... at <top-level>, line 1:" and more
 * lines; the first is the one to hand on. */
static void
on_error(void *ctx, jv msg)
{
	struct jq *jq = ctx;

	if (jv_get_kind(msg) == JV_KIND_STRING) {
		buf_str_add(&jq->errors, jv_string_value(msg));
		buf_putc(&jq->errors, '\n');
	}
	jv_free(msg);
}

/* The one that runs in this thread: 1.6 forgets the handler's argument. */
static _Thread_local struct jq *running;

/* libjq's last word before abort(). */
static void
on_no_memory(void *unused)
{
	(void)unused;
	running->dead = true;
	longjmp(running->no_memory, 1);
}

/* input and inputs: there is one record at a time. */
static jv
on_input(jq_state *state, void *unused)
{
	(void)state;
	(void)unused;
	return jv_invalid();
}

/* debug and stderr: a filter's stderr is for its own messages. */
static void
on_debug(void *unused, jv msg)
{
	(void)unused;
	jv_free(msg);
}

static int
compile_failed(struct jq *jq, struct fail *why)
{
	const char *text = buf_str(&jq->errors);
	size_t n;

	if (strncmp(text, "jq: error: ", 11) == 0)
		text += 11;
	n = strcspn(text, "\n");
	if (n > 0 && text[n - 1] == ':')
		n--;
	fail(why, EXIT_USAGE, "%s: %.*s", jq->what, (int)n,
	    n ? text : "does not compile");
	jq_close(jq);
	return -1;
}

int
jq_open(struct jq **out, const char *program, const char *what,
    const struct jq_arg *args, struct fail *why)
{
	struct buf errors = BUF_INIT(BUF_LINE);
	struct spell spell = SPELL_INIT;
	struct buf text = BUF_INIT(BUF_DOC);
	struct jq *jq = calloc(1, sizeof *jq);
	const struct jq_arg *volatile arg = args;       /* over setjmp */
	jv vars;

	*out = NULL;
	if (jq) {
		jq->errors = errors;
		jq->spell = spell;
		jq->text = text;
		jq->what = strdup(what);
		running = jq;
		jv_nomem_handler(on_no_memory, jq);
	}
	if (!jq || !jq->what || setjmp(jq->no_memory) ||
	    !(jq->state = jq_init())) {
		jq_close(jq);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	/* set on the state too: jq_next() puts the state's handler in the
	 * place of the thread's, and jq_init() of 1.6 leaves it unset */
	jq_set_nomem_handler(jq->state, on_no_memory, jq);
	jq_set_error_cb(jq->state, on_error, jq);
	jq_set_input_cb(jq->state, on_input, NULL);
	jq_set_debug_cb(jq->state, on_debug, NULL);
	/* no modules; 1.6 aborts where it is not told where they are */
	jq_set_attr(jq->state, jv_string("JQ_LIBRARY_PATH"), jv_array());
	jq_set_attr(jq->state, jv_string("JQ_ORIGIN"), jv_string("."));
	jq_set_attr(jq->state, jv_string("PROGRAM_ORIGIN"), jv_string("."));
	vars = jv_array();
	for (; arg && arg->name; arg++) {
		jv v = jv_object_set(jv_object(), jv_string("name"),
		    jv_string(arg->name));

		v = jv_object_set(v, jv_string("value"), jv_parse(arg->json));
		vars = jv_array_append(vars, v);
	}
	if (!jq_compile_args(jq->state, program, vars))
		return compile_failed(jq, why);
	*out = jq;
	return 0;
}

/* A value as the message; takes it. */
static int
say(struct jq *jq, jv msg, struct fail *why)
{
	size_t n;

	if (jv_get_kind(msg) != JV_KIND_STRING)
		msg = jv_dump_string(msg, 0);
	n = (size_t)jv_string_length_bytes(jv_copy(msg));
	if (n > 0 && jv_string_value(msg)[n - 1] == '\n')
		n--;
	fail(why, EXIT_DATA, "%s: %.*s", jq->what, n < 400 ? (int)n : 400,
	    jv_string_value(msg));
	jv_free(msg);
	return -1;
}

/* The message of an error value: its text, or the value itself. */
static int
program_failed(struct jq *jq, jv v, struct fail *why)
{
	jv msg = jv_invalid_get_msg(v);

	if (jv_get_kind(msg) == JV_KIND_OBJECT &&
	    jv_object_has(jv_copy(msg), jv_string("__jq"))) {
		jv_free(msg);
		return fail(why, EXIT_DATA, "%s: break", jq->what);
	}
	return say(jq, msg, why);
}

/* halt ends the program without a word, halt_error with one: its value. */
static int
halted(struct jq *jq, struct fail *why)
{
	jv code = jq_get_exit_code(jq->state);
	bool is_error = jv_is_valid(code);

	jv_free(code);
	return is_error ? say(jq, jq_get_error_message(jq->state), why) : 0;
}

static int
no_memory(const struct jq *jq, struct fail *why)
{
	return fail(why, EXIT_MACHINE, "%s: out of memory", jq->what);
}

/* The text that spell_back() made. */
static struct json_val
spelled(const struct jq *jq)
{
	struct json_val v = { jq->spell.text.p, jq->spell.text.len };

	return v;
}

static int
give(struct jq *jq, jv v, jq_value *on_value, void *ctx, struct fail *why)
{
	jv text = jv_dump_string(v, 0);
	struct json_val out;
	int r;

	out.p = jv_string_value(text);
	out.n = (size_t)jv_string_length_bytes(jv_copy(text));
	/* libjq writes "<skipped: too deep>" for what it will not print */
	if (json_check(out.p, out.n, NULL, NULL) < 0)
		r = fail(why, EXIT_DATA, "%s: result nested deeper than %d",
		    jq->what, JQ_DEPTH);
	else if (jq->spell.used && spell_back(&jq->spell, out.p, out.n) < 0)
		r = no_memory(jq, why);
	else
		r = on_value(ctx, jq->spell.used ? spelled(jq) : out) != 0;
	jv_free(text);
	return r;
}

/* ---- checked text to libjq's values ---- */

static const char *
past_blank(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		p++;
	return p;
}

static jv
string(struct jq *jq, struct json_val v)
{
	buf_clear(&jq->text);
	if (json_decode(v, &jq->text) < 0)
		on_no_memory(NULL);
	return jv_string_sized(buf_str(&jq->text), (int)jq->text.len);
}

static jv
scalar(struct jq *jq, struct json_val v)
{
	switch (json_type(v)) {
	case JSON_STRING:
		return string(jq, v);
	case JSON_NUMBER:
		return jv_number(json_double(v));
	case JSON_NULL:
		return jv_null();
	default:
		return jv_bool(json_type(v) == JSON_TRUE);
	}
}

/* The value at p. libjq's own parser counts an object as two levels of its
 * 256, and would be the second to check the text. Returns what is behind. */
static const char *
build(struct jq *jq, const char *p, const char *end, jv *out)
{
	struct json_val name = { p, 0 };
	bool object = *p == '{';
	jv one;

	if (!object && *p != '[') {
		name.n = (size_t)(json_skip(p, end) - p);
		*out = scalar(jq, name);
		return p + name.n;
	}
	*out = object ? jv_object() : jv_array();
	for (p = past_blank(p + 1); *p != '}' && *p != ']';
	    p = past_blank(p)) {
		if (*p == ',')
			p = past_blank(p + 1);
		if (object) {
			name.p = p;
			name.n = (size_t)(json_skip(p, end) - p);
			p = past_blank(p + name.n);
			p = build(jq, past_blank(p + 1), end, &one);
			*out = jv_object_set(*out, string(jq, name), one);
		} else {
			p = build(jq, p, end, &one);
			*out = jv_array_append(*out, one);
		}
	}
	return p + 1;
}

/* All results of one value. */
static int
run(struct jq *jq, struct json_val text, jq_value *on_value, void *ctx,
    struct fail *why)
{
	jv v;
	int r = 0;

	build(jq, past_blank(text.p), text.p + text.n, &v);
	jq_start(jq->state, v, 0);
	while (r == 0) {
		v = jq_next(jq->state);
		if (!jv_is_valid(v))
			break;
		r = give(jq, v, on_value, ctx, why);
		if (r)
			return r;
	}
	if (jv_invalid_has_msg(jv_copy(v)))
		return program_failed(jq, v, why);
	jv_free(v);
	return jq_halted(jq->state) ? halted(jq, why) : 0;
}

/* The same, where libjq may give up. */
static int
guarded(struct jq *jq, struct json_val v, jq_value *on_value, void *ctx,
    struct fail *why)
{
	running = jq;
	jv_nomem_handler(on_no_memory, jq);
	if (jq->dead || setjmp(jq->no_memory))
		return no_memory(jq, why);
	return run(jq, v, on_value, ctx, why);
}

int
jq_run(struct jq *jq, const char *p, size_t n, jq_value *on_value, void *ctx,
    struct fail *why)
{
	struct json_val v;
	struct json_err err;
	char said[80];
	int r;

	if (json_check(p, n, &v, &err) < 0) {
		json_err_say(&err, p, said, sizeof said);
		return fail(why, EXIT_DATA, "%s: %s", jq->what, said);
	}
	if (json_deeper(v, JQ_DEPTH))
		return fail(why, EXIT_DATA, "%s: nested deeper than %d, which "
		    "an expression cannot take", jq->what, JQ_DEPTH);
	jq->spell.used = false;
	if (spell_needed(v.p, v.n)) {
		r = spell_out(&jq->spell, v.p, v.n);
		if (r < 0)
			return no_memory(jq, why);
		if (r == 1)
			v = spelled(jq);
	}
	if (v.n > INT_MAX)
		return fail(why, EXIT_DATA, "%s: value too long", jq->what);
	return guarded(jq, v, on_value, ctx, why);
}

void
jq_close(struct jq *jq)
{
	if (!jq)
		return;
	if (jq->state && !jq->dead)
		jq_teardown(&jq->state);
	buf_free(&jq->errors);
	buf_free(&jq->text);
	spell_free(&jq->spell);
	free(jq->what);
	free(jq);
}
