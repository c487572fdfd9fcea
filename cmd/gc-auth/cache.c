/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache.h"
#include "base/clock.h"
#include "base/out.h"
#include "base/secret.h"
#include "json/write.h"

/* ---- time ---- */

/* Which start of which machine this is, where the system tells. */
static void
read_machine(char out[40])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, out, 36);

	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
}

void
moment_now(struct moment *m)
{
	struct timespec t;

	clock_gettime(CLOCK_SINCE_BOOT, &t);
	m->boot = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	m->wall = clock_now();
	read_machine(m->machine);
}

static bool
same_machine(const struct moment *a, const struct moment *b)
{
	return *a->machine && strcmp(a->machine, b->machine) == 0;
}

bool
moment_since(const struct moment *m, const struct moment *start)
{
	return same_machine(m, start) ? m->boot >= start->boot :
	    m->wall >= start->wall;
}

int64_t
cached_left(const struct cached *t, const struct moment *now)
{
	int64_t life = t->lifetime * 1000;
	int64_t by_wall = t->taken.wall + life - now->wall;
	int64_t by_boot = t->taken.boot + life - now->boot;

	if (same_machine(&t->taken, now))
		return by_wall < by_boot ? by_wall : by_boot;
	return now->wall < t->taken.wall ? 0 : by_wall;
}

bool
cached_since(const struct cached *t, const struct moment *start)
{
	struct moment came = t->taken;

	came.boot += t->took;
	came.wall += t->took;
	return moment_since(&came, start);
}

void
cached_free(struct cached *t)
{
	secret_free(t->token);
	free(t->granted);
	t->token = t->granted = NULL;
}

/* ---- the folder ---- */

/* Where the folder is, or -1. */
static int
name_folder(char out[BUF_PATH], struct fail *why)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int n;

	if (xdg && xdg[0] == '/')       /* a relative one is to be ignored */
		n = snprintf(out, BUF_PATH, "%s/gcpipe", xdg);
	else if (home && *home)
		n = snprintf(out, BUF_PATH, "%s/.cache/gcpipe", home);
	else
		return fail(why, EXIT_USAGE, "no place for the token cache: "
		    "set HOME or XDG_CACHE_HOME");
	if (n < 0 || (size_t)n > BUF_PATH - 80)
		return fail(why, EXIT_USAGE, "the path of the token cache is "
		    "too long");
	return 0;
}

/* Makes a folder and those above it, readable by nobody else. */
static int
make_folder(char *path, struct fail *why)
{
	char *slash;

	for (slash = path; (slash = strchr(slash + 1, '/')); *slash = '/') {
		*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST) {
			fail_errno(why, "cannot make %s", path);
			*slash = '/';
			return -1;
		}
	}
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return fail_errno(why, "cannot make %s", path);
	return 0;
}

/* Is it ours alone? what is its path. */
static int
check_private(int fd, const char *what, const char *mend, struct fail *why)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_errno(why, "cannot look at %s", what);
	if (st.st_uid != geteuid())
		return fail(why, EXIT_USAGE, "%s belongs to another user; no "
		    "token is kept there", what);
	if (st.st_mode & 077)
		return fail(why, EXIT_USAGE, "%s is open to other users; %s",
		    what, mend);
	return 0;
}

/* Opens the folder; -1 with errno. */
static int
open_folder(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int
cache_open(struct cache *c, const char *key, bool make, struct fail *why)
{
	char folder[BUF_PATH], mend[BUF_PATH + 80];

	memset(c, 0, sizeof *c);
	c->dir = c->lock = -1;
	snprintf(c->token, sizeof c->token, "%.64s.token", key);
	snprintf(c->lockname, sizeof c->lockname, "%.64s.lock", key);
	snprintf(c->temp, sizeof c->temp, "%.64s.tmp", key);
	if (name_folder(folder, why) < 0)
		return -1;
	snprintf(c->path, sizeof c->path, "%.4000s/%s", folder, c->token);
	c->dir = open_folder(folder);
	if (c->dir < 0 && errno == ENOENT) {
		if (!make)
			return 0;
		if (make_folder(folder, why) < 0)
			return -1;
		c->dir = open_folder(folder);
	}
	if (c->dir < 0 && (errno == ELOOP || errno == ENOTDIR))
		return fail(why, EXIT_USAGE, "%s is not a folder; no token is "
		    "kept there", folder);
	if (c->dir < 0)
		return fail_errno(why, "cannot open %s", folder);
	snprintf(mend, sizeof mend, "no token is kept there until: chmod 700 "
	    "%s", folder);
	return check_private(c->dir, folder, mend, why);
}

void
cache_close(struct cache *c)
{
	cache_unlock(c);
	if (c->dir >= 0)
		close(c->dir);
	c->dir = -1;
}

/* ---- the token ---- */

static char *
decoded(struct json_val v, const char *name)
{
	struct buf b = BUF_INIT(BUF_TOKEN);
	struct json_val x;
	char *s = NULL;

	if (json_get(v, name, &x) && json_type(x) == JSON_STRING &&
	    buf_reserve(&b, x.n) == 0 && json_decode(x, &b) == 0 &&
	    !memchr(buf_str(&b), '\0', b.len))
		s = strdup(buf_str(&b));
	secret_buf_free(&b);
	return s;
}

static bool
whole(struct json_val v, const char *name, int64_t *out)
{
	struct json_val x;

	return json_get(v, name, &x) && json_int(x, out);
}

/* Takes a file's content apart; false where it is not what we write. */
static bool
parse(struct cached *t, const char *p, size_t n)
{
	struct json_val v, x;
	char *machine;

	memset(t, 0, sizeof *t);
	if (json_check(p, n, &v, NULL) < 0 || json_type(v) != JSON_OBJECT)
		return false;
	if (!whole(v, "taken_ms", &t->taken.wall) ||
	    !whole(v, "boot_ms", &t->taken.boot) ||
	    !whole(v, "took_ms", &t->took) ||
	    !whole(v, "expires_in", &t->lifetime) ||
	    t->took < 0 || t->took > LIFETIME_MAX || t->lifetime < 0 || t->lifetime > LIFETIME_MAX ||
	    t->taken.wall < 0 || t->taken.wall > INT64_MAX / 2 ||
	    t->taken.boot < 0 || t->taken.boot > INT64_MAX / 2)
		return false;
	machine = decoded(v, "boot");
	if (machine)
		snprintf(t->taken.machine, sizeof t->taken.machine, "%.36s",
		    machine);
	free(machine);
	t->token = decoded(v, "access_token");
	if (json_get(v, "granted", &x) && json_type(x) == JSON_STRING)
		t->granted = decoded(v, "granted");
	if (t->token && *t->token)
		return true;
	cached_free(t);
	return false;
}

int
cache_read(struct cache *c, struct cached *t, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_TOKEN);
	int fd, found;

	if (c->dir < 0)
		return 0;
	fd = openat(c->dir, c->token,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 && errno == ELOOP)
		return fail(why, EXIT_USAGE, "%s is a symbolic link; it is "
		    "not followed", c->path);
	if (fd < 0)
		return fail_errno(why, "cannot open %s", c->path);
	if (check_private(fd, c->path, "its token may be known to them: "
	    "gc-auth logout", why) < 0) {
		close(fd);
		return -1;
	}
	/* the whole ceiling at once: growth would leave copies of the token */
	if (buf_reserve(&b, b.max) < 0)
		found = fail(why, EXIT_MACHINE, "out of memory");
	else if (buf_read_fd(&b, fd) < 0 && errno != E2BIG)
		found = fail_errno(why, "cannot read %s", c->path);
	else
		found = !b.err && parse(t, b.p, b.len);
	close(fd);
	secret_buf_free(&b);
	return found;
}

static void
put_cached(struct buf *b, const struct cached *t)
{
	buf_putc(b, '{');
	json_key(b, "taken_ms");
	json_int64(b, t->taken.wall);
	json_key(b, "took_ms");
	json_int64(b, t->took);
	json_key(b, "expires_in");
	json_int64(b, t->lifetime);
	json_key(b, "boot");
	json_cstr(b, t->taken.machine);
	json_key(b, "boot_ms");
	json_int64(b, t->taken.boot);
	json_key(b, "granted");
	if (t->granted)
		json_cstr(b, t->granted);
	else
		buf_str_add(b, "null");
	json_key(b, "access_token");
	json_cstr(b, t->token);
	buf_str_add(b, "}\n");
}

/* Writes KEY.tmp and makes it KEY.token. */
static int
replace(struct cache *c, const struct buf *b, struct fail *why)
{
	int fd, bad;

	if (unlinkat(c->dir, c->temp, 0) < 0 && errno != ENOENT)
		return fail_errno(why, "cannot write %s", c->path);
	fd = openat(c->dir, c->temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_errno(why, "cannot write %s", c->path);
	bad = out_fd(fd, b->p, b->len) < 0 || fsync(fd) < 0;
	bad |= close(fd) < 0;
	if (bad || renameat(c->dir, c->temp, c->dir, c->token) < 0) {
		fail_errno(why, "cannot write %s", c->path);
		unlinkat(c->dir, c->temp, 0);
		return -1;
	}
	(void)fsync(c->dir);    /* not every file system can; the data is safe */
	return 0;
}

int
cache_write(struct cache *c, const struct cached *t, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_TOKEN);
	int bad;

	if (buf_reserve(&b, b.max) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	put_cached(&b, t);
	bad = b.err ? fail(why, EXIT_SERVICE, "a token of more than %zu bytes",
	    b.max) : replace(c, &b, why);
	secret_buf_free(&b);
	return bad;
}

int
cache_forget(struct cache *c, struct fail *why)
{
	if (c->dir < 0)
		return 0;
	if (unlinkat(c->dir, c->token, 0) < 0 && errno != ENOENT)
		return fail_errno(why, "cannot remove %s", c->path);
	return 0;
}

/* ---- the lock ---- */

int
cache_try_lock(struct cache *c, pid_t *holder, struct fail *why)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	*holder = 0;
	if (c->lock < 0)
		c->lock = openat(c->dir, c->lockname,
		    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		    0600);
	if (c->lock < 0)
		return fail_errno(why, "cannot open %.4000s.lock", c->path);
	if (fcntl(c->lock, F_SETLK, &l) == 0)
		return 1;
	if (errno != EACCES && errno != EAGAIN)
		return fail_errno(why, "cannot lock %.4000s", c->path);
	if (fcntl(c->lock, F_GETLK, &l) == 0 && l.l_type != F_UNLCK)
		*holder = l.l_pid;
	return 0;
}

void
cache_unlock(struct cache *c)
{
	if (c->lock >= 0)
		close(c->lock);         /* and with it goes the lock */
	c->lock = -1;
}
