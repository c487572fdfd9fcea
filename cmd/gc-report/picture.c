/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c -- the page that a picture stands on; gc-serve draws too. */
#include "report.h"
#include "base/clock.h"

struct plot_page
picture_page(double w, double h, const char *title, const char *desc)
{
	struct plot_page page = { w, h, 150, title, desc, clock_is_fixed(),
	    clock_now() };

	return page;
}
