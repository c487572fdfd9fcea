/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration.h -- a network's claims brought to what came true.
 *
 * The softmax of a network's scores says how sure it is, seldom how often it
 * is right. On texts whose entities are known one can see by how much, and
 * bend it (J. C. Platt, Probabilistic Outputs for Support Vector Machines,
 * 1999; C. Guo and others, On Calibration of Modern Neural Networks, 2017):
 *
 *	p' = 1 / (1 + exp(-(a * log(p / (1 - p)) + b)))
 *
 * for the labels that those texts had; what is claimed of others stays. With
 * a > 0 the order of claims stays too. The map is a file of one object,
 *
 *	{"method":"platt","a":0.46,"b":-2.4,"labels":["PERSON","ORG"]}
 *
 * and true of that model on such texts, of nothing else.
 */
#ifndef NER_CALIBRATION_H
#define NER_CALIBRATION_H

#include "base/buf.h"
#include "base/fail.h"
#include "json/scan.h"

struct calibration {
	struct buf text;
	double a, b;
	struct json_val labels;         /* in text */
};

/* Returns 0, or -1 with EXIT_USAGE. */
int calibration_read(struct calibration *c, const char *path,
    struct fail *why);
void calibration_free(struct calibration *c);

/* A claim of an entity with that label, bent. */
double calibration_of(const struct calibration *c, const char *label,
    size_t n, double p);

#endif
