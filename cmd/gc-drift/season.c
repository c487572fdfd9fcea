/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --baseline same-weekday: the last day of the input against the same weekday
 * of the weeks before, as Mondays are not Sundays.
 *
 * Records are grouped by their day in UTC, so that parts of the input merge
 * as groups do. Of these, one is today; those seven, fourteen, ... days before
 * it, as far as they are there, are the baseline together.
 */
#include "drift.h"
#include "base/clock.h"
#include "json/write.h"

#define WEEK_MS ((int64_t)7 * 24 * 3600 * 1000)

int
season_day(struct buf *group, struct json_val v, struct fail *bad)
{
	struct buf text = BUF_INIT(BUF_LINE);
	char day[TIME_MAX];
	int64_t ms;
	int r;

	r = json_type(v) == JSON_STRING && json_decode(v, &text) == 0 ?
	    time_parse(text.p, text.len, &ms) : -1;
	buf_free(&text);
	if (r < 0)
		return fail(bad, EXIT_DATA, "--time gives no time, such as "
		    "2026-01-31 or 2026-01-31T09:00:00Z");
	buf_clear(group);
	buf_putc(group, '0' + JSON_STRING);
	buf_str_add(group, time_format_day(day, ms));
	return group->err ? fail(bad, EXIT_MACHINE, "out of memory") : 0;
}

/* The last of the groups; MAP_NONE where there is none. */
static uint32_t
last_day(const struct side *s)
{
	const struct map_key *k = s->groups.keys.keys;
	uint32_t i, last = MAP_NONE;

	for (i = 0; i < s->groups.keys.n; i++)
		if (s->groups.count[i] + s->tally[i].total > 0 &&
		    (last == MAP_NONE || map_key_cmp(k + i, k + last) > 0))
			last = i;
	return last;
}

/* Adds a day's counts to the one group of a side. */
static int
add_day(struct side *to, const struct tally *t, struct fail *why)
{
	struct side one;
	struct tally copy = *t;

	memset(&one, 0, sizeof one);
	if (tally_key(&one.groups, "0", 1, why) == MAP_NONE)
		return -1;
	one.tally = &copy;
	one.cap = 1;
	if (side_merge(to, &one, why) < 0) {
		tally_free(&one.groups);
		return -1;
	}
	tally_free(&one.groups);
	return 0;
}

int
season_pick(struct side *all, struct side *baseline, int64_t weeks,
    struct buf *said, struct fail *why)
{
	uint32_t i = last_day(all), j;
	const struct map_key *k = all->groups.keys.keys;
	char day[TIME_MAX + 1];
	struct side today;
	int64_t ms, n;

	memset(&today, 0, sizeof today);
	today.missing = all->missing;
	if (i == MAP_NONE)
		return 0;
	if (time_parse(k[i].p + 1, k[i].len - 1, &ms) < 0)
		return fail(why, EXIT_DATA, "a part's group is no day: was it "
		    "made with --baseline same-weekday?");
	json_key(said, "day");
	key_write(said, k[i].p, k[i].len);
	json_key(said, "baseline_days");
	buf_putc(said, '[');
	for (n = weeks; n > 0; n--) {
		day[0] = '0' + JSON_STRING;
		time_format_day(day + 1, ms - n * WEEK_MS);
		j = map_find(&all->groups.keys, day, strlen(day));
		if (j == MAP_NONE)
			continue;
		json_sep(said);
		key_write(said, day, strlen(day));
		if (add_day(baseline, all->tally + j, why) < 0)
			return -1;
	}
	buf_putc(said, ']');
	if (add_day(&today, all->tally + i, why) < 0) {
		side_free(&today);
		return -1;
	}
	side_free(all);
	*all = today;
	return 0;
}
