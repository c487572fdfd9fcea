/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "turns.h"

void
turns_init(struct turns *t)
{
	memset(t, 0, sizeof *t);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->moved, NULL);
}

void
turns_free(struct turns *t)
{
	size_t i;

	for (i = 0; i < TURNS; i++)
		free(t->v[i].id);
	pthread_cond_destroy(&t->moved);
	pthread_mutex_destroy(&t->lock);
}

static void
come(struct turns *t, uint64_t serial)
{
	t->v[serial % TURNS].come = true;
	while (t->v[t->next % TURNS].come) {
		t->v[t->next % TURNS].come = false;
		t->next++;
	}
	pthread_cond_broadcast(&t->moved);
}

/* Is one of the same id at work that came before? */
static bool
must_wait(const struct turns *t, const struct turn *mine)
{
	const struct turn *other;
	size_t i;

	for (i = 0; i < TURNS; i++) {
		other = &t->v[i];
		if (other->id && other->serial < mine->serial &&
		    other->n == mine->n &&
		    memcmp(other->id, mine->id, mine->n) == 0)
			return true;
	}
	return false;
}

int
turns_take(struct turns *t, uint64_t serial, const char *id, size_t n,
    struct fail *why)
{
	struct turn *mine = &t->v[serial % TURNS];
	char *copy = malloc(n + 1);

	if (!copy)
		return fail(why, EXIT_MACHINE, "out of memory");
	memcpy(copy, id, n);
	pthread_mutex_lock(&t->lock);
	while (t->next < serial)
		pthread_cond_wait(&t->moved, &t->lock);
	mine->id = copy;
	mine->n = n;
	mine->serial = serial;
	come(t, serial);
	while (must_wait(t, mine))
		pthread_cond_wait(&t->moved, &t->lock);
	pthread_mutex_unlock(&t->lock);
	return 0;
}

void
turns_over(struct turns *t, uint64_t serial)
{
	struct turn *mine = &t->v[serial % TURNS];

	pthread_mutex_lock(&t->lock);
	if (t->next <= serial) {
		come(t, serial);
	} else {
		free(mine->id);
		mine->id = NULL;
		pthread_cond_broadcast(&t->moved);
	}
	pthread_mutex_unlock(&t->lock);
}
