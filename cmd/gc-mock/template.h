/* SPDX-License-Identifier: GPL-3.0-or-later */
/* template.h -- JSON with slots in its strings.
 *
 * Templates are JSON (share/mock/records.ndjson). In their strings stand
 * slots in braces; {{ is a brace:
 *
 *	{index} {number}        the record's place, from 0, from 1
 *	{id}                    its identifier
 *	{id KIND}               that of some record of another kind
 *	{time} {time +90}       its moment, and seconds after it (negative too)
 *	{day}                   the day of that
 *	{int A B} {num A B D}   a number, with D decimals
 *	{chance P}              true or false
 *	{part NAME}             an identifier of something inside the record
 *	{utterance} {actual} {predicted} {predicted_id} {confidence} {doubt}
 *	{assessment}            what the bot heard (bot.h) at this index
 *	{path N} {query N} {body N}     what the request said, "" where absent
 *	{base}                  the server's own address
 *	{fresh}                 an identifier that no two requests share
 *	{who} {said} {turn}     in $turns
 *	{LIST}                  a word of a list in share/mock/words.json; the
 *	                        word may hold slots itself
 *
 * A string that is nothing but {=slot} becomes the bare value: a number, a
 * boolean, a member of the body whatever it is (null where absent). Objects
 * with a name in $ first are directives:
 *
 *	{"$repeat":[2,5],"of":T}        an array; in it choices are its own
 *	{"$pick":[T,T,...]}             one of them
 *	{"$maybe":0.8,"of":T}           as a member or element: sometimes not
 *	                                there
 *	{"$misheard":true,"of":T}       there where the bot misheard; false:
 *	                                where it did not
 *	{"$turns":"LIST","of":T}        an array, a T for each turn of a talk:
 *	                                LIST of words.json holds talks, arrays
 *	                                of [who, said]
 *	{"$text":"LIST","who":W}        the same as one string; "who" is
 *	                                optional
 */
#ifndef MOCK_TEMPLATE_H
#define MOCK_TEMPLATE_H

#include "gen.h"

/* Where a template is expanded. */
struct seat {
	uint64_t key;           /* all choices come from it */
	const struct kind *kind;
	uint64_t index;
	int64_t time;
	const struct request *q;        /* may be NULL */
	uint64_t talk;          /* the key of what is said, in $turns */
	struct json_val who, said;
	int64_t turn;
};

/* Expands a template for a seat. */
void template_json(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b);

/* Expands one for a request; its choices come from the path. */
void template_answer(struct gen *g, struct json_val t,
    const struct request *q, struct buf *b);

/* Text with slots. */
void template_text(struct gen *g, const struct seat *s, const char *p,
    size_t n, struct buf *b);

#endif
