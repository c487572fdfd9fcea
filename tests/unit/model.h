/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model.h -- where the language model is that `make model` gets. */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include <unistd.h>
#include "unit.h"

/* GC_NER_MODEL where it is a folder, else where gc-ner looks; into dir.
 * Returns 0 where a model is there. */
static inline int
find_model(char dir[4096])
{
	const char *named = getenv("GC_NER_MODEL"),
	    *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	char config[4200];

	if (named && strchr(named, '/'))
		snprintf(dir, 4096, "%s", named);
	else
		snprintf(dir, 4096, "%s%s/gcpipe/models/en_core_web_sm",
		    data && *data ? data : home ? home : "",
		    data && *data ? "" : "/.local/share");
	snprintf(config, sizeof config, "%s/config.cfg", dir);
	return access(config, R_OK);
}

#endif
