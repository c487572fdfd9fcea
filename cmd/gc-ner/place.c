/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.c -- where a model lies: a folder by its path, or a name that is
 * looked for where `make model` puts models, then in Python environments. */
#include "tool.h"

#include <glob.h>

static bool
has_config(const char *dir)
{
	struct buf path = BUF_INIT(BUF_PATH);
	bool there;

	buf_addf(&path, "%s/config.cfg", dir);
	there = !path.err && access(buf_str(&path), R_OK) == 0;
	buf_free(&path);
	return there;
}

/* The last match of a pattern that is a model's folder (the newest version
 * sorts last). */
static bool
match(struct buf *dir, const char *pattern)
{
	bool found = false;
	glob_t g;
	size_t i;

	if (glob(pattern, 0, NULL, &g) != 0)
		return false;
	for (i = g.gl_pathc; i > 0 && !found; i--) {
		if (!has_config(g.gl_pathv[i - 1]))
			continue;
		buf_clear(dir);
		buf_str_add(dir, g.gl_pathv[i - 1]);
		found = true;
	}
	globfree(&g);
	return found;
}

/* BASE MIDDLE/NAME, or that folder's NAME-VERSION. */
static bool
try(struct buf *dir, const char *base, const char *middle, const char *name)
{
	struct buf path = BUF_INIT(BUF_PATH);
	bool found = false;

	if (base && *base) {
		buf_addf(&path, "%s%s/%s", base, middle, name);
		found = !path.err && match(dir, buf_str(&path));
		buf_addf(&path, "/%s-*", name);
		found = found || (!path.err && match(dir, buf_str(&path)));
	}
	buf_free(&path);
	return found;
}

int
place_find(struct buf *dir, const char *name, struct fail *why)
{
	const char *home = getenv("HOME"), *data = getenv("XDG_DATA_HOME");

	buf_clear(dir);
	if (strchr(name, '/') || has_config(name)) {
		buf_str_add(dir, name);
		if (has_config(name))
			return 0;
		return fail(why, EXIT_USAGE, "%s: no config.cfg of a model "
		    "there", name);
	}
	if (strpbrk(name, "*?[\\") || !*name)
		return fail(why, EXIT_USAGE, "'%s' is no name of a model",
		    name);
	if (try(dir, data, "/gcpipe/models", name) ||
	    ((!data || !*data) && try(dir, home, "/.local/share/gcpipe/models",
	    name)) ||
	    try(dir, getenv("VIRTUAL_ENV"), "/lib/python3*/site-packages",
	    name) ||
	    try(dir, getenv("CONDA_PREFIX"), "/lib/python3*/site-packages",
	    name) ||
	    try(dir, home, "/.local/lib/python3*/site-packages", name) ||
	    try(dir, "/usr", "/local/lib/python3*/dist-packages", name) ||
	    try(dir, "/usr", "/lib/python3*/dist-packages", name))
		return 0;
	return fail(why, EXIT_USAGE, "there is no model '%s'; make model "
	    "installs en_core_web_sm, --model names another folder", name);
}
