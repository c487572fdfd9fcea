/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/metrics.h"
#include "base/num.h"

static void
put_escaped(struct buf *b, const char *p, size_t n)
{
	for (; n > 0; p++, n--) {
		if (*p == '\n') {
			buf_add(b, "\\n", 2);
			continue;
		}
		if (*p == '\\' || *p == '"')
			buf_putc(b, '\\');
		buf_putc(b, *p);
	}
}

void
metrics_family(struct buf *b, const char *name, const char *unit,
    const char *help)
{
	buf_addf(b, "# TYPE %s gauge\n", name);
	if (unit)
		buf_addf(b, "# UNIT %s %s\n", name, unit);
	buf_addf(b, "# HELP %s ", name);
	put_escaped(b, help, strlen(help));
	buf_putc(b, '\n');
}

void
metrics_sample(struct buf *b, const char *name,
    const struct metrics_label *labels, size_t n, double v)
{
	char num[NUM_MAX];
	size_t i;

	if (!isfinite(v))
		return;
	buf_str_add(b, name);
	for (i = 0; i < n; i++) {
		buf_addf(b, "%c%s=\"", i ? ',' : '{', labels[i].name);
		put_escaped(b, labels[i].p, labels[i].n);
		buf_putc(b, '"');
	}
	if (n)
		buf_putc(b, '}');
	buf_putc(b, ' ');
	buf_add(b, num, num_format(num, v));
	buf_putc(b, '\n');
}

void
metrics_end(struct buf *b)
{
	buf_str_add(b, "# EOF\n");
}
