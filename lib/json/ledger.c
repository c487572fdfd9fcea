/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/ledger.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/out.h"
#include "json/write.h"

int
ledger_check(const char *path, struct fail *why)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);

	if (fd >= 0)
		return close(fd);
	fail_errno(why, "cannot write %s", path);
	if (why)
		why->code = EXIT_USAGE;
	return -1;
}

int
ledger_append(const char *path, const struct ledger *l, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	char t[TIME_MAX];
	int fd, r = 0;

	buf_putc(&b, '{');
	json_key(&b, "tool");
	json_cstr(&b, msg_program());
	json_key(&b, "version");
	json_cstr(&b, GC_VERSION);
	json_key(&b, "pid");
	json_int64(&b, getpid());
	buf_addf(&b, ",\"in\":%" PRIu64 ",\"used\":%" PRIu64 ",\"dropped\":%"
	    PRIu64 ",\"rejected\":%" PRIu64 ",\"out\":%" PRIu64
	    ",\"retried\":%" PRIu64 ",\"blank\":%" PRIu64 ",\"bytes\":%" PRIu64,
	    l->in, l->used, l->dropped, l->rejected, l->out, l->retried,
	    l->blank, l->bytes);
	json_key(&b, "started");
	json_cstr(&b, time_format(t, l->started));
	json_key(&b, "ended");
	json_cstr(&b, time_format(t, clock_now()));
	if (l->more) {
		buf_putc(&b, ',');
		buf_str_add(&b, l->more);
	}
	buf_str_add(&b, "}\n");
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (b.err)
		r = fail(why, EXIT_MACHINE, "out of memory");
	else if (fd < 0 || out_fd(fd, b.p, b.len) < 0)
		r = fail_errno(why, "cannot write %s", path);
	if (fd >= 0 && close(fd) < 0 && r == 0)
		r = fail_errno(why, "cannot write %s", path);
	buf_free(&b);
	return r;
}

int
allowance_parse(struct allowance *a, const char *s, struct fail *why)
{
	char digits[32];
	size_t n = s ? strlen(s) : 0;
	int64_t v;

	a->max = UINT64_MAX;
	a->percent = -1;
	if (!s)
		return 0;
	if (n > 1 && n < sizeof digits && s[n - 1] == '%') {
		memcpy(digits, s, n - 1);
		digits[n - 1] = '\0';
		if (num_double(digits, 0, 100, &a->percent) == 0)
			return 0;
	} else if (num_int(s, 0, INT64_MAX, &v) == 0) {
		a->max = (uint64_t)v;
		return 0;
	}
	return fail(why, EXIT_USAGE, "--max-reject takes a number or a "
	    "percentage such as 1%%, not '%s'", s);
}

int
allowance_check(const struct allowance *a, const struct ledger *l, bool end,
    struct fail *why)
{
	if (l->rejected > a->max)
		return fail(why, EXIT_DATA, "%" PRIu64 " records rejected, more "
		    "than --max-reject allows", l->rejected);
	if (end && a->percent >= 0 && l->in > 0 &&
	    100.0 * (double)l->rejected > a->percent * (double)l->in)
		return fail(why, EXIT_DATA, "%" PRIu64 " of %" PRIu64
		    " records rejected, more than --max-reject allows",
		    l->rejected, l->in);
	return 0;
}
