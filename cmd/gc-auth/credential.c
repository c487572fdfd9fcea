/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "credential.h"

#include <sys/wait.h>

static int
read_all(struct buf *out, int fd, const char *origin, struct fail *why)
{
	if (buf_read_fd(out, fd) == 0)
		return 0;
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
	bad = read_all(out, fd, from->origin, why);
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
	bad = read_all(out, fileno(f), from->origin, why);
	status = pclose(f);
	if (bad)
		return bad;
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		return fail(why, EXIT_USAGE, "%s: the command ended with exit "
		    "code %d", from->origin, WEXITSTATUS(status));
	if (!WIFEXITED(status))
		return fail(why, EXIT_USAGE, "%s: the command was killed",
		    from->origin);
	return 0;
}

static int
take(const struct credential *from, struct buf *out, credential_note *note,
    struct fail *why)
{
	if (from->cmd)
		return secret_of_command(from, out, why);
	if (from->fd >= 0)
		return read_all(out, from->fd, from->origin, why);
	if (from->file)
		return secret_of_file(from, out, note, why);
	return buf_str_add(out, from->text) == 0 ? 0 :
	    fail(why, EXIT_USAGE, "%s: too long", from->origin);
}

int
credential_read(const struct credential *from, struct buf *out,
    credential_note *note, struct fail *why)
{
	size_t i;

	buf_clear(out);
	if (buf_reserve(out, out->max) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (take(from, out, note, why) < 0)
		return -1;
	buf_chomp(out);
	if (out->len == 0)
		return fail(why, EXIT_USAGE, "%s: no client secret there",
		    from->origin);
	for (i = 0; i < out->len; i++)
		if ((unsigned char)out->p[i] < 0x20 || out->p[i] == 0x7f)
			return fail(why, EXIT_USAGE, "%s: a client secret of "
			    "one line is expected", from->origin);
	return 0;
}
