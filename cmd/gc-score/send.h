/* SPDX-License-Identifier: GPL-3.0-or-later */
/* send.h -- one thread's requests to the scoring service.
 *
 * A chunk is sent whole; where the service refuses it (400, 413, 422) it is
 * halved until the guilty contact is found and rejected. Scores are matched
 * with contacts by contactId: one that is missing, doubled, foreign or no
 * score breaks the protocol and ends the run. What comes of a chunk (score
 * records, envelopes, audit lines) is left in it, in the order of its
 * contacts.
 */
#ifndef SCORE_SEND_H
#define SCORE_SEND_H

#include "chunk.h"

#include "net/client.h"

/* What all senders share; read-only but for what the lock guards. */
struct service {
	struct client *client;
	const struct conf *conf;
	const char *request;            /* the named request */
	const char *vars;               /* its variables, an object */
	const char *model;              /* the model's id */
	const char *version;            /* --model-version, or NULL */
	const struct features *features;
	bool rejects;                   /* --reject: go on */
	bool audited;                   /* --audit: chunks hold its lines */
	double min_width, max_width;    /* 0: off */
	pthread_mutex_t lock;
	uint64_t accepted;              /* contacts, so far */
	uint64_t refused;
};

/* Stands for the contacts in the variables of the request (vars.contacts):
 * where it comes out in the body, there they are put. */
#define SEND_MARK "gcpipe-contacts-8c1f27d0a4"

/* So many contacts refused before the first is accepted, and as many others
 * that are asked then: it is the request that is wrong, not they. */
#define SEND_HOPELESS 16

struct sender;

/* Compiles the request. Returns 0, or -1 with EXIT_USAGE. */
int sender_open(struct sender **s, struct service *service,
    struct fail *why);

/* Bytes of a body that are not contacts. */
size_t sender_overhead(const struct sender *s);

/* Sends a chunk; c->bad tells what ended it, code 0: nothing. */
void sender_work(struct sender *s, struct chunk *c);

void sender_close(struct sender *s);

#endif
