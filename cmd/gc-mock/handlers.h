/* SPDX-License-Identifier: GPL-3.0-or-later */
/* handlers.h -- every kind of route, by the file that has it. */
#ifndef MOCK_HANDLERS_H
#define MOCK_HANDLERS_H

#include "route.h"

/* token.c: the OAuth endpoint, and what a token says of itself */
handler on_token, on_token_info, on_token_delete;

/* bot.c: evaluation and export of a bot's model, the tutorial's way */
handler on_evaluate, on_evaluation, on_utterances, on_train;

/* plain.c: an answer from a template */
handler on_template;

#endif
