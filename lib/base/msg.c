/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/msg.h"

static const char *program = "gcpipe";
static bool quiet;

void
msg_init(const char *name)
{
	program = name;
}

const char *
msg_program(void)
{
	return program;
}

void
msg_quiet(bool on)
{
	quiet = on;
}

/* Writes "program: text\n" at once, control characters spelled out. */
static void
say(const char *fmt, va_list ap)
{
	char text[1024], line[4200];
	size_t n, i;

	vsnprintf(text, sizeof text, fmt, ap);
	n = (size_t)snprintf(line, 64, "%s: ", program);
	if (n > 63)
		n = 63;
	for (i = 0; text[i] && n < sizeof line - 6; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f)
			n += (size_t)snprintf(line + n, 5, "\\x%02x", c);
		else
			line[n++] = (char)c;
	}
	line[n++] = '\n';
	while (write(STDERR_FILENO, line, n) < 0 && errno == EINTR)
		;       /* stderr gone: there is nobody left to tell */
}

void
msg(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void
msg_note(const char *fmt, ...)
{
	va_list ap;

	if (quiet)
		return;
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

int
msg_fail(const struct fail *why)
{
	msg("%s", why->text);
	return why->code;
}
