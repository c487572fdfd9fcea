/* SPDX-License-Identifier: GPL-3.0-or-later */
/* symbol_table.h -- what symbol_table.c holds, sorted by text.
 *
 * The reserved symbols are strings that have a small number where others
 * have a hash; the base norms stand behind the model's own norm table. */
#ifndef NER_SYMBOL_TABLE_H
#define NER_SYMBOL_TABLE_H

#include "base/compat.h"

struct symbol {
	const char *text;
	uint32_t id;
};

struct base_norm {
	const char *text, *norm;
};

extern const struct symbol symbols[];
extern const size_t symbols_n;
extern const struct base_norm base_norms[];
extern const size_t base_norms_n;

#endif
