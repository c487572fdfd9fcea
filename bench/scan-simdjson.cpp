// SPDX-License-Identifier: GPL-3.0-or-later
// scan-simdjson FILE NAME -- the same job by simdjson: every line checked as
// strictly (every string unescaped, every number and literal read, all of the
// line consumed), one member taken. Three ways; median of the passes each.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <simdjson.h>

using namespace simdjson;

static const int passes = 9;

static bool
check(ondemand::value v)
{
	switch (v.type()) {
	case ondemand::json_type::object:
		for (auto f : v.get_object()) {
			if (f.error() || f.unescaped_key().error() ||
			    !check(f.value()))
				return false;
		}
		return true;
	case ondemand::json_type::array:
		for (auto e : v.get_array()) {
			if (e.error() || !check(e.value()))
				return false;
		}
		return true;
	case ondemand::json_type::string:
		return !v.get_string().error();
	case ondemand::json_type::number:
		return !v.get_number().error();
	case ondemand::json_type::boolean:
		return !v.get_bool().error();
	case ondemand::json_type::null:
		return v.is_null();
	}
	return false;
}

struct result {
	size_t records, bytes, bad;
};

// On-demand, all of the line walked, strings and numbers read.
static result
strict(const padded_string &text, const char *name)
{
	ondemand::parser parser;
	result r = { 0, 0, 0 };
	ondemand::document_stream docs;

	if (parser.iterate_many(text, 1 << 20).get(docs))
		return r;
	for (auto doc : docs) {
		ondemand::object o;
		bool ok = true;

		if (doc.get_object().get(o)) {
			r.bad++;
			continue;
		}
		for (auto f : o) {
			std::string_view key;

			if (f.error() || f.unescaped_key().get(key)) {
				ok = false;
				break;
			}
			ondemand::value v = f.value();
			if (key == name)
				r.bytes += v.raw_json_token().size();
			if (!check(v)) {
				ok = false;
				break;
			}
		}
		ok ? r.records++ : r.bad++;
	}
	return r;
}

// On-demand as its users write it: the member alone, the rest unseen.
static result
loose(const padded_string &text, const char *name)
{
	ondemand::parser parser;
	result r = { 0, 0, 0 };
	ondemand::document_stream docs;

	if (parser.iterate_many(text, 1 << 20).get(docs))
		return r;
	for (auto doc : docs) {
		ondemand::value v;

		if (doc.find_field_unordered(name).get(v)) {
			r.bad++;
			continue;
		}
		r.bytes += v.raw_json_token().size();
		r.records++;
	}
	return r;
}

// The DOM, which checks everything while it builds its tape.
static result
whole(const padded_string &text, const char *name)
{
	dom::parser parser;
	result r = { 0, 0, 0 };
	dom::document_stream docs;

	if (parser.parse_many(text, 1 << 20).get(docs))
		return r;
	for (auto doc : docs) {
		std::string_view v;

		if (doc.error()) {
			r.bad++;
			continue;
		}
		if (!doc[name].get_string().get(v))
			r.bytes += v.size() + 2;
		r.records++;
	}
	return r;
}

static void
measure(const char *what, result (*f)(const padded_string &, const char *),
    const padded_string &text, const char *name)
{
	double speed[passes];
	result r = { 0, 0, 0 };

	for (double &s : speed) {
		auto start = std::chrono::steady_clock::now();

		r = f(text, name);
		std::chrono::duration<double> d =
		    std::chrono::steady_clock::now() - start;
		s = (double)text.size() / d.count() / 1e6;
	}
	std::sort(speed, speed + passes);
	std::printf("simdjson %s\t%.0f MB/s\t%zu records\t%zu bytes taken\t"
	    "%zu bad\n", what, speed[passes / 2], r.records, r.bytes, r.bad);
}

int
main(int argc, char **argv)
{
	padded_string text;

	if (argc < 3 || padded_string::load(argv[1]).get(text)) {
		std::fprintf(stderr, "usage: scan-simdjson FILE NAME\n");
		return 2;
	}
	std::printf("simdjson kernel %s\n",
	    get_active_implementation()->name().c_str());
	measure("on-demand, strict", strict, text, argv[2]);
	measure("on-demand, member alone", loose, text, argv[2]);
	measure("dom", whole, text, argv[2]);
	return 0;
}
