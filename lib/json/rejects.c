/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/rejects.h"

/* Is an open or a named file (NULL or "-": stdin) the one in a? */
static bool
is_input(const struct stat *a, const char *file)
{
	struct stat b;
	int r = !file || strcmp(file, "-") == 0 ? fstat(STDIN_FILENO, &b) :
	    stat(file, &b);

	return r == 0 && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

int
rejects_open(struct out *rejects, const char *name, unsigned flags,
    const struct out *out, char **files, int nfiles, struct fail *why)
{
	struct stat st;
	int i;

	for (i = 0; i < (nfiles ? nfiles : 1); i++)
		if (stat(name, &st) == 0 && S_ISREG(st.st_mode) &&
		    is_input(&st, nfiles ? files[i] : NULL))
			return fail(why, EXIT_USAGE, "--reject %s is the input: "
			    "give it a name of its own", name);
	if (out_open(rejects, name, flags, why) < 0)
		return -1;
	if (!out_same(out, rejects))
		return 0;
	out_abort(rejects);
	return fail(why, EXIT_USAGE, "--reject %s is the output: give it a "
	    "name of its own", name);
}
