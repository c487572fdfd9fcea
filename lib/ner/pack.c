/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/pack.h"

#include <msgpack.h>

#define DEEPEST 24      /* the library's own stack holds 32 */

struct pack {
	msgpack_zone zone;
	msgpack_object root;
};

static uint64_t
big_endian(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

/* What follows a value's first byte: so many bytes, so many values. Lengths
 * of the forms with a length field come from that field, 1 << (c & 3) style.
 * Returns the bytes of the field, or SIZE_MAX for a byte that begins nothing. */
static size_t
measure(const unsigned char *p, size_t left, uint64_t *bytes, uint64_t *values)
{
	unsigned c = p[0];
	size_t field = 0;

	*bytes = *values = 0;
	if (c < 0x80 || c >= 0xe0 || c == 0xc0 || c == 0xc2 || c == 0xc3) {
		return 0;
	} else if (c < 0x90) {
		*values = 2 * (c & 15);
	} else if (c < 0xa0) {
		*values = c & 15;
	} else if (c < 0xc0) {
		*bytes = c & 31;
	} else if (c == 0xca || c == 0xcb) {
		*bytes = c == 0xca ? 4 : 8;
	} else if (c >= 0xcc && c <= 0xd3) {
		*bytes = (uint64_t)1 << (c & 3);
	} else if ((c >= 0xc4 && c <= 0xc6) || (c >= 0xd9 && c <= 0xdb)) {
		field = (size_t)1 << (c >= 0xd9 ? c - 0xd9 : c - 0xc4);
		if (left > field)
			*bytes = big_endian(p + 1, field);
	} else if (c >= 0xdc) {
		field = c & 1 ? 4 : 2;
		if (left > field)
			*values = big_endian(p + 1, field) << (c >= 0xde);
	} else {
		return SIZE_MAX;
	}
	return left > field ? field : SIZE_MAX;
}

/* Is this one value, all of it there, and nothing behind it? Every value
 * takes a byte at least, so that no count can ask for more than there is. */
static bool
whole(const unsigned char *p, size_t n)
{
	uint64_t todo[DEEPEST + 1], bytes, values;
	size_t at = 0, field;
	int depth = 0;

	todo[0] = 1;
	for (;;) {
		while (depth >= 0 && todo[depth] == 0)
			depth--;
		if (depth < 0)
			return at == n;
		if (at >= n)
			return false;
		todo[depth]--;
		field = measure(p + at, n - at, &bytes, &values);
		if (field == SIZE_MAX)
			return false;
		at += 1 + field;
		if (bytes > n - at || values > n - at)
			return false;
		at += bytes;
		if (values && depth == DEEPEST)
			return false;
		if (values)
			todo[++depth] = values;
	}
}

int
pack_open(struct pack **doc, const char *p, size_t n, struct fail *why)
{
	struct pack *d;
	size_t at = 0;

	if (!whole((const unsigned char *)p, n))
		return fail(why, EXIT_USAGE, "damaged, or no MessagePack");
	if (!(d = calloc(1, sizeof *d)))
		return fail_errno(why, "a model file");
	if (!msgpack_zone_init(&d->zone, 65536)) {
		free(d);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	if (msgpack_unpack(p, n, &at, &d->zone, &d->root) !=
	    MSGPACK_UNPACK_SUCCESS) {
		pack_close(d);
		return fail(why, EXIT_USAGE, "damaged, or no MessagePack");
	}
	*doc = d;
	return 0;
}

void
pack_close(struct pack *doc)
{
	if (!doc)
		return;
	msgpack_zone_destroy(&doc->zone);
	free(doc);
}

struct pack_val
pack_root(const struct pack *doc)
{
	struct pack_val v = { &doc->root };

	return v;
}

enum pack_type
pack_type(struct pack_val v)
{
	const msgpack_object *o = v.object;

	if (!o)
		return PACK_OTHER;
	switch (o->type) {
	case MSGPACK_OBJECT_NIL:
		return PACK_NIL;
	case MSGPACK_OBJECT_BOOLEAN:
		return PACK_BOOL;
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		return PACK_INT;
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64:
		return PACK_REAL;
	case MSGPACK_OBJECT_STR:
	case MSGPACK_OBJECT_BIN:
		return PACK_TEXT;
	case MSGPACK_OBJECT_ARRAY:
		return PACK_LIST;
	case MSGPACK_OBJECT_MAP:
		return PACK_MAP;
	default:
		return PACK_OTHER;
	}
}

bool
pack_get(struct pack_val v, const char *key, struct pack_val *out)
{
	const msgpack_object *o = v.object;
	uint32_t i;

	if (!o || o->type != MSGPACK_OBJECT_MAP)
		return false;
	for (i = 0; i < o->via.map.size; i++) {
		struct pack_val k = { &o->via.map.ptr[i].key };

		if (pack_is(k, key)) {
			out->object = &o->via.map.ptr[i].val;
			return true;
		}
	}
	return false;
}

size_t
pack_count(struct pack_val v)
{
	const msgpack_object *o = v.object;

	if (o && o->type == MSGPACK_OBJECT_MAP)
		return o->via.map.size;
	return o && o->type == MSGPACK_OBJECT_ARRAY ? o->via.array.size : 0;
}

bool
pack_nth(struct pack_val v, size_t i, struct pack_val *key,
    struct pack_val *out)
{
	const msgpack_object *o = v.object;

	if (i >= pack_count(v))
		return false;
	if (key)
		key->object = NULL;
	if (o->type == MSGPACK_OBJECT_ARRAY) {
		out->object = &o->via.array.ptr[i];
		return true;
	}
	if (key)
		key->object = &o->via.map.ptr[i].key;
	out->object = &o->via.map.ptr[i].val;
	return true;
}

bool
pack_text(struct pack_val v, const char **p, size_t *n)
{
	const msgpack_object *o = v.object;

	if (pack_type(v) != PACK_TEXT)
		return false;
	/* str and bin have the same layout, and the library's accessors are
	 * both of these members */
	*p = o->type == MSGPACK_OBJECT_STR ? o->via.str.ptr : o->via.bin.ptr;
	*n = o->type == MSGPACK_OBJECT_STR ? o->via.str.size :
	    o->via.bin.size;
	return true;
}

bool
pack_uint(struct pack_val v, uint64_t *u)
{
	const msgpack_object *o = v.object;

	if (!o || o->type != MSGPACK_OBJECT_POSITIVE_INTEGER)
		return false;
	*u = o->via.u64;
	return true;
}

bool
pack_bool(struct pack_val v, bool *b)
{
	const msgpack_object *o = v.object;

	if (!o || o->type != MSGPACK_OBJECT_BOOLEAN)
		return false;
	*b = o->via.boolean;
	return true;
}

bool
pack_is(struct pack_val v, const char *s)
{
	const char *p;
	size_t n;

	return pack_text(v, &p, &n) && n == strlen(s) && memcmp(p, s, n) == 0;
}
