/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "credential.h"

#include <sys/wait.h>

/* Takes the line end off, and looks whether what is left is a secret. */
static int
check_secret(struct buf *b, const char *origin, struct fail *why)
{
	size_t i;

	if (b->len && b->p[b->len - 1] == '\n')
		b->len--;
	if (b->len && b->p[b->len - 1] == '\r')
		b->len--;
	if (b->len == 0)
		return fail(why, EXIT_USAGE, "%s: no client secret there",
		    origin);
	for (i = 0; i < b->len; i++)
		if ((unsigned char)b->p[i] < 0x20 || b->p[i] == 0x7f)
			return fail(why, EXIT_USAGE, "%s: a client secret of "
			    "one line is expected", origin);
	return 0;
}

static int
read_secret(struct buf *out, int fd, const char *origin, struct fail *why)
{
	if (buf_read_fd(out, fd) == 0)
		return check_secret(out, origin, why);
	fail_errno(why, "%s: cannot read the client secret", origin);
	if (why)
		why->code = EXIT_USAGE;
	return -1;
}

static int
secret_of_file(const struct credential *from, struct buf *out,
    credential_note *note, struct fail *why)
{
	struct stat st;
	int fd = open(from->file, O_RDONLY | O_CLOEXEC), bad;

	if (fd < 0) {
		fail_errno(why, "%s: cannot open %s", from->origin,
		    from->file);
		if (why)
			why->code = EXIT_USAGE;
		return -1;
	}
	if (note && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & 07))
		note("every user of this machine can read the secret in %s",
		    from->file);
	bad = read_secret(out, fd, from->origin, why);
	close(fd);
	return bad;
}

/* The descriptor is read, not the stream: stdio would keep a copy. */
static int
secret_of_command(const struct credential *from, struct buf *out,
    struct fail *why)
{
	FILE *f = popen(from->cmd, "r");
	int bad, status;

	if (!f)
		return fail_errno(why, "%s: cannot run", from->origin);
	bad = read_secret(out, fileno(f), from->origin, why);
	status = pclose(f);
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		return fail(why, EXIT_USAGE, "%s: the command ended with exit "
		    "code %d", from->origin, WEXITSTATUS(status));
	if (!WIFEXITED(status))
		return fail(why, EXIT_USAGE, "%s: the command was killed",
		    from->origin);
	return bad;
}

int
credential_read(const struct credential *from, struct buf *out,
    credential_note *note, struct fail *why)
{
	buf_clear(out);
	if (buf_reserve(out, out->max) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (from->cmd)
		return secret_of_command(from, out, why);
	if (from->fd >= 0)
		return read_secret(out, from->fd, from->origin, why);
	if (from->file)
		return secret_of_file(from, out, note, why);
	buf_str_add(out, from->text);
	return check_secret(out, from->origin, why);
}
