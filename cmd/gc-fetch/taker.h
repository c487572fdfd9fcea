/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taker.h -- who takes the records that an answer holds, and what of it is
 * no record. */
#ifndef GC_FETCH_TAKER_H
#define GC_FETCH_TAKER_H

#include "json/envelope.h"

struct taker {
	/* Takes a checked value. Returns 0; TAKE_ENOUGH where no more is
	 * wanted; -1 with why. */
	int (*record)(void *ctx, struct json_val v, struct fail *why);
	/* Takes what is to be rejected: tool and attempt are filled in by it.
	 * Returns 0, or -1 with why where that ends the run. */
	int (*reject)(void *ctx, const struct envelope *e, struct fail *why);
	void *ctx;
};

enum { TAKE_ENOUGH = 1 };

#endif
