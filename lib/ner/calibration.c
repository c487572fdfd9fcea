/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/calibration.h"
#include "json/document.h"

#define NEAREST 1e-9            /* to 0 and to 1, so that log-odds exist */

static int
take(struct calibration *c, struct json_val root, struct fail *why)
{
	struct json_val method, a, b;
	struct json_iter it;

	if (json_type(root) != JSON_OBJECT ||
	    !json_get(root, "method", &method) || !json_is(method, "platt"))
		return fail(why, EXIT_USAGE, "the method of a calibration is "
		    "\"platt\"");
	if (!json_get(root, "a", &a) || json_type(a) != JSON_NUMBER ||
	    !json_get(root, "b", &b) || json_type(b) != JSON_NUMBER)
		return fail(why, EXIT_USAGE, "a calibration has numbers a and "
		    "b");
	c->a = json_double(a);
	c->b = json_double(b);
	if (!(c->a > 0 && c->a < 1e6 && fabs(c->b) < 1e6))
		return fail(why, EXIT_USAGE, "a is above 0, both are less "
		    "than a million");
	if (!json_get(root, "labels", &c->labels) ||
	    json_type(c->labels) != JSON_ARRAY)
		return fail(why, EXIT_USAGE, "a calibration has a list of "
		    "labels");
	for (it = json_iter(c->labels); json_next(&it);)
		if (json_type(it.val) != JSON_STRING)
			return fail(why, EXIT_USAGE, "a label is no string");
	return 0;
}

int
calibration_read(struct calibration *c, const char *path, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_CONF);
	struct json_val root;
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	c->text = empty;
	if (fd < 0 || buf_read_fd(&c->text, fd) < 0) {
		r = fail_errno(why, "%s", path);
		why->code = EXIT_USAGE;
	} else if ((r = json_document(&c->text, path, EXIT_USAGE, &root,
	    why)) < 0) {
		;
	} else if ((r = take(c, root, why)) < 0) {
		fail_prefix(why, "%s", path);
	}
	if (fd >= 0)
		close(fd);
	if (r < 0)
		calibration_free(c);
	return r;
}

void
calibration_free(struct calibration *c)
{
	buf_free(&c->text);
}

double
calibration_of(const struct calibration *c, const char *label, size_t n,
    double p)
{
	struct json_iter it;

	for (it = json_iter(c->labels); json_next(&it);) {
		if (!json_is_n(it.val, label, n))
			continue;
		p = p < NEAREST ? NEAREST : p > 1 - NEAREST ? 1 - NEAREST : p;
		return 1 / (1 + exp(-(c->a * log(p / (1 - p)) + c->b)));
	}
	return p;
}
