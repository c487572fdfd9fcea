/* SPDX-License-Identifier: GPL-3.0-or-later */
/* handlers.h -- every kind of route, by the file that has it. */
#ifndef MOCK_HANDLERS_H
#define MOCK_HANDLERS_H

#include "route.h"

/* oauth.c: the token endpoint, and what a token says of itself */
handler on_token, on_token_info, on_token_delete;

/* evaluate.c: evaluation and export of a bot's model, the tutorial's way */
handler on_evaluate, on_evaluation, on_utterances, on_train;

/* list.c: a page of a list, a record by its id */
handler on_list, on_item;

/* work.c: jobs */
handler on_job_start, on_job_state, on_job_cancel, on_job_results,
    on_job_download;

/* store.c: things that clients create */
handler on_store_create, on_store_list, on_store_get, on_store_replace,
    on_store_delete;

/* attributes.c: attributes of conversations, with versions */
handler on_attributes_get, on_attributes_patch, on_attributes_put;

/* nlu.c: the platform's own way to a bot's quality */
handler on_steps, on_restart, on_nlu_report, on_detect, on_bot_aggregates;

/* score.c, speech.c */
handler on_score, on_summary;

/* plain.c: an answer from a template */
handler on_template;

#endif
