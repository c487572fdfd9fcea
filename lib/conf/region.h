/* SPDX-License-Identifier: GPL-3.0-or-later */
/* region.h -- the platform's regions: where one's hosts are.
 *
 * A region is known by the id of the data centre it lives in (eu-west-1) and
 * by its domain (mypurecloud.ie); its API is at api.DOMAIN, its login at
 * login.DOMAIN. The 18 of them are those both official clients agree on.
 */
#ifndef CONF_REGION_H
#define CONF_REGION_H

#include "base/fail.h"

#define REGION_MAX 254          /* room for any domain, NUL included */

struct region {
	const char *id, *domain;
};

/* The table, in the platform's own order; its end has id NULL. */
const struct region *region_table(void);

/* The domain that a text means: a region id (me-central-1 or me_central_1),
 * a domain, a host (api.DOMAIN, login.DOMAIN, apps.DOMAIN), or an https URL
 * of one. A domain that is not in the table is taken as it is, so that a new
 * region needs no new release, but not one a slip of the finger away from a
 * known domain: a secret would go to a stranger. Upper case is folded.
 * Returns 0, or -1 with EXIT_USAGE. */
int region_domain(const char *text, char out[REGION_MAX], struct fail *why);

#endif
