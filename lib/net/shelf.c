/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/shelf.h"
#include "base/share.h"

#include <dirent.h>

/* The user's own folder; empty where there is no home. */
static void
own_folder(struct buf *b)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	buf_clear(b);
	if (config && config[0] == '/')
		buf_addf(b, "%s/gcpipe/requests", config);
	else if (home && *home)
		buf_addf(b, "%s/.config/gcpipe/requests", home);
}

/* The file of a name into path. Returns 0 or -1. */
static int
find_file(struct buf *path, const char *name, const char *set,
    struct fail *why)
{
	struct buf below = BUF_INIT(BUF_PATH);
	struct fail ignored;
	int r;

	if (strchr(name, '/')) {
		buf_addf(path, "%s", name);
		return 0;
	}
	own_folder(path);
	if (path->len) {
		buf_addf(path, "/%s.jq", name);
		if (!path->err && access(buf_str(path), F_OK) == 0)
			return 0;
	}
	buf_addf(&below, "requests/%s/%s.jq", set, name);
	r = share_find(path, buf_str(&below), &ignored);
	if (r < 0 && (r = share_find(path, "requests", why)) == 0)
		r = fail(why, EXIT_USAGE, "there is no request '%s' in the "
		    "set %s: gc-fetch --list shows them", name, set);
	buf_free(&below);
	return r;
}

static int
read_file(struct buf *text, const char *path, struct fail *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	r = fd < 0 ? -1 : buf_read_fd(text, fd);
	if (r < 0) {
		fail_errno(why, "cannot read %s", path);
		if (why)
			why->code = EXIT_USAGE;
	}
	if (fd >= 0)
		close(fd);
	return r;
}

int
shelf_read(struct buf *text, const char *name, const char *set,
    struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	int r = find_file(&path, name, set, why);

	if (r == 0)
		r = read_file(text, buf_str(&path), why);
	buf_free(&path);
	return r;
}

char *
shelf_name(const char *name)
{
	const char *base = strrchr(name, '/');
	size_t n;

	base = base ? base + 1 : name;
	n = strlen(base);
	if (n > 3 && strcmp(base + n - 3, ".jq") == 0)
		n -= 3;
	return strndup(base, n);
}

void
shelf_comment(struct buf *b, const char *text, bool first_only)
{
	size_t n;

	while (*text == '#') {
		text += 1 + (text[1] == ' ');
		n = strcspn(text, "\n");
		buf_add(b, text, n);
		if (first_only)
			return;
		buf_putc(b, '\n');
		text += n + (text[n] == '\n');
	}
}

/* ---- the list ---- */

struct entry {
	char *name, *path;
};

struct entries {
	struct entry *v;
	size_t n;
};

static int
add_entry(struct entries *es, const char *dir, const char *file)
{
	size_t n = strlen(file), i;
	struct buf path = BUF_INIT(BUF_PATH);
	struct entry *more;

	if (n < 4 || strcmp(file + n - 3, ".jq") != 0 || file[0] == '.')
		return 0;
	for (i = 0; i < es->n; i++)
		if (strlen(es->v[i].name) == n - 3 &&
		    memcmp(es->v[i].name, file, n - 3) == 0)
			return 0;       /* the user's own came first */
	more = realloc(es->v, (es->n + 1) * sizeof *more);
	if (!more)
		return -1;
	es->v = more;
	buf_addf(&path, "%s/%s", dir, file);
	more[es->n].name = strndup(file, n - 3);
	more[es->n].path = strdup(buf_str(&path));
	buf_free(&path);
	if (!more[es->n].name || !more[es->n].path) {
		free(more[es->n].name);
		free(more[es->n].path);
		return -1;
	}
	es->n++;
	return 0;
}

static int
read_folder(struct entries *es, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int r = 0;

	if (!d)
		return 0;       /* not there: nothing in it */
	while (r == 0 && (e = readdir(d)))
		r = add_entry(es, dir, e->d_name);
	closedir(d);
	return r;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name,
	    ((const struct entry *)b)->name);
}

static void
write_entry(struct buf *b, const struct entry *e)
{
	struct buf text = BUF_INIT(BUF_PROG);
	struct fail ignored;

	buf_addf(b, "%s\t", e->name);
	if (read_file(&text, e->path, &ignored) == 0)
		shelf_comment(b, buf_str(&text), true);
	buf_putc(b, '\n');
	buf_free(&text);
}

int
shelf_list(struct buf *b, const char *set, struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH), below = BUF_INIT(BUF_PATH);
	struct entries es = { NULL, 0 };
	size_t i;
	int r;

	own_folder(&path);
	r = path.len ? read_folder(&es, buf_str(&path)) : 0;
	buf_addf(&below, "requests/%s", set);
	if (r == 0 && share_find(&path, buf_str(&below), why) == 0)
		r = read_folder(&es, buf_str(&path));
	else if (r == 0)
		r = -2;                 /* why is filled */
	if (r == -1)
		fail(why, EXIT_MACHINE, "out of memory");
	if (es.n)
		qsort(es.v, es.n, sizeof *es.v, by_name);
	for (i = 0; i < es.n; i++) {
		if (r == 0)
			write_entry(b, &es.v[i]);
		free(es.v[i].name);
		free(es.v[i].path);
	}
	free(es.v);
	buf_free(&path);
	buf_free(&below);
	return r ? -1 : 0;
}
