/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_variables.c -- any text is read as a request's program without harm, and
 * every variable found stands in it; any JSON is a call or a refusal. */
#include "net/call.h"
#include "net/variables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
read_program(const char *text)
{
	struct variables vs;
	struct fail why;
	size_t i;
	int k;

	if (variables_find(&vs, text, &why) == 0)
		for (i = 0; i < vs.n; i++)
			for (k = 0; k < vs.v[i].n; k++)
				if (!strstr(text, vs.v[i].links[k].name))
					abort();
	variables_free(&vs);
}

static void
read_call(const char *p, size_t n)
{
	struct json_val v;
	struct call c;
	struct fail why;

	if (json_check(p, n, &v, NULL) < 0)
		return;
	if (call_parse(&c, v, "request fuzz", &why) == 0 && !*c.path)
		abort();
	(void)call_repeatable(&c);
	call_free(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = malloc(n + 1);

	if (!text)
		return 0;
	if (n)
		memcpy(text, data, n);
	text[n] = '\0';
	read_program(text);
	read_call(text, n);
	free(text);
	return 0;
}
