/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/alias_table.h"

static unsigned
log_of(uint64_t n)
{
	unsigned l = 6;

	while ((uint64_t)1 << l < n)
		l++;
	return l;
}

int
alias_table_init(struct alias_table *t, uint32_t n)
{
	memset(t, 0, sizeof *t);
	t->logbits = log_of((uint64_t)n * 16);
	t->loghead = t->logslot = log_of((uint64_t)n * 2);
	t->bits = calloc((size_t)1 << (t->logbits - 6), sizeof *t->bits);
	t->heads = calloc((size_t)1 << t->loghead, sizeof *t->heads);
	t->slots = calloc((size_t)1 << t->logslot, sizeof *t->slots);
	if (t->bits && t->heads && t->slots)
		return 0;
	alias_table_free(t);
	return -1;
}

void
alias_table_free(struct alias_table *t)
{
	free(t->bits);
	free(t->heads);
	free(t->slots);
	memset(t, 0, sizeof *t);
}

uint64_t
alias_pack(const char *letters, size_t n)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < n && i < ALIAS_HEAD; i++)
		v |= (uint64_t)(unsigned char)letters[i] << 8 * i;
	return v;
}

uint32_t
alias_hash(const char *letters, size_t n)
{
	uint64_t h = n * 0x9E3779B97F4A7C15u, v;

	while (n >= 8) {
		memcpy(&v, letters, 8);
		h = (h ^ v) * 0xD6E8FEB86659FD93u;
		h ^= h >> 32;
		letters += 8;
		n -= 8;
	}
	h = (h ^ alias_pack(letters, n)) * 0xD6E8FEB86659FD93u;
	return (uint32_t)(h >> 32);
}

static void
add_head(struct alias_table *t, uint64_t head, size_t n)
{
	uint32_t mask = ((uint32_t)1 << t->loghead) - 1;
	uint32_t i = alias_mix(head) >> (32 - t->loghead);

	while (t->heads[i].letters && t->heads[i].letters != head)
		i = (i + 1) & mask;
	if (!t->heads[i].letters || n < t->heads[i].least)
		t->heads[i].least = (uint8_t)n;
	if (n > t->heads[i].most)
		t->heads[i].most = (uint8_t)n;
	t->heads[i].letters = head;
}

const struct alias_head *
alias_head(const struct alias_table *t, uint64_t head)
{
	uint32_t mask = ((uint32_t)1 << t->loghead) - 1;
	uint32_t i = alias_mix(head) >> (32 - t->loghead);

	while (t->heads[i].letters && t->heads[i].letters != head)
		i = (i + 1) & mask;
	return t->heads[i].letters ? &t->heads[i] : NULL;
}

void
alias_table_add(struct alias_table *t, const char *letters, size_t n,
    uint32_t value)
{
	uint32_t mask = ((uint32_t)1 << t->logslot) - 1;
	uint32_t hash = alias_hash(letters, n), i = alias_slot(t, hash), bit;
	uint64_t head = alias_pack(letters, n);

	while (t->slots[i].value)
		i = (i + 1) & mask;
	t->slots[i].hash = hash;
	t->slots[i].value = value;
	t->n++;
	bit = alias_mix(head) >> (32 - t->logbits);
	t->bits[bit / 64] |= (uint64_t)1 << bit % 64;
	if (n >= ALIAS_HEAD)
		add_head(t, head, n);
}
