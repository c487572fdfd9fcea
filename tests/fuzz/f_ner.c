/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_ner.c -- a pipeline's files, as anything at all: refused or taken, never
 * a crash. The first byte says which file the rest is. */
#include "ner/arcs.h"
#include "ner/biluo.h"
#include "ner/config.h"
#include "ner/tok.h"
#include "ner/vectors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
network(const char *p, size_t n)
{
	struct norms none = { NULL, NULL, 0, 0 };
	struct weights w;
	struct vectors v;
	struct scorer s;
	struct fail why;

	if (weights_open(&w, p, n, &why) < 0)
		return;
	if (vectors_load(&v, kernel_best(), &none, NULL, &w,
	    &why) == 0)
		vectors_free(&v);
	if (scorer_load(&s, kernel_best(), 4, &w, &why) == 0)
		scorer_free(&s);
	weights_close(&w);
}

static void
tokenizer(const char *p, size_t n)
{
	struct tok_rules *r;
	struct toks t;
	struct fail why;

	if (tok_rules_open(&r, p, n, &why) < 0)
		return;
	if (toks_open(&t, r, 4096, &why) == 0) {
		toks_cut(&t, "(a.m. don't go-on) :) \t x", 25, &why);
		toks_close(&t);
	}
	tok_rules_close(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data + 1;
	struct config c;
	struct moves m;
	struct fail why;

	if (n-- == 0)
		return 0;
	switch (data[0] & 3) {
	case 0:
		network(p, n);
		break;
	case 1:
		tokenizer(p, n);
		break;
	case 2:
		if (moves_load(&m, p, n, 6, &why) == 0)
			moves_free(&m);
		break;
	default:
		config_check(p, n, false, &c, &why);
	}
	return 0;
}
