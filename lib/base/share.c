/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/share.h"

#ifndef GC_PREFIX
#define GC_PREFIX "/usr/local"
#endif
#define INSTALLED GC_PREFIX "/share/gcpipe"

int
share_program_dir(struct buf *path)
{
	char name[4096];
	ssize_t n = readlink("/proc/self/exe", name, sizeof name);

	buf_clear(path);
	if (n <= 0 || n == (ssize_t)sizeof name)
		return -1;
	while (n > 1 && name[n - 1] != '/')
		n--;
	if (n > 1)
		n--;
	return buf_add(path, name, (size_t)n);
}

/* Is DIR/name there? Then path is its name. */
static bool
at(struct buf *path, const char *dir, const char *sub, const char *name)
{
	struct stat st;

	buf_clear(path);
	buf_addf(path, "%s%s/%s", dir, sub, name);
	return !path->err && stat(buf_str(path), &st) == 0;
}

int
share_find(struct buf *path, const char *name, struct fail *why)
{
	struct buf dir = BUF_INIT(BUF_PATH);
	const char *set = getenv("GC_SHARE");
	bool found = false, beside = false;

	if (set && *set) {
		if (at(path, set, "", name))
			return 0;
		return fail(why, EXIT_USAGE,
		    "no %s in %s, where GC_SHARE points", name, set);
	}
	if (share_program_dir(&dir) == 0) {
		beside = true;
		found = at(path, buf_str(&dir), "/../share", name) ||
		    at(path, buf_str(&dir), "/../share/gcpipe", name);
	}
	if (!found && !at(path, INSTALLED, "", name)) {
		fail(why, EXIT_USAGE, "no %s in %s%s%s: set GC_SHARE", name,
		    beside ? buf_str(&dir) : "",
		    beside ? "/../share or " : "", INSTALLED);
		buf_free(&dir);
		return -1;
	}
	buf_free(&dir);
	return 0;
}

int
share_read(struct buf *b, const char *name, struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	int fd, status;

	buf_clear(b);
	if (share_find(&path, name, why) < 0) {
		buf_free(&path);
		return -1;
	}
	fd = open(buf_str(&path), O_RDONLY | O_CLOEXEC);
	status = fd < 0 ? -1 : buf_read_fd(b, fd);
	if (status < 0)
		fail_errno(why, "cannot read %s", buf_str(&path));
	if (fd >= 0)
		close(fd);
	buf_free(&path);
	return status;
}
