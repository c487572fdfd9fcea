/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/sound.h"

/* ---- how alike ---- */

/* Vowels: height 0 (open) to 4, depth 0 (front) to 4. Consonants: place 0
 * (lips) to 8 (throat), manner, voice. */
static const struct {
	char kind;              /* 'v', or manner: s top, f ricative, a ffricate,
	                         * n asal, l iquid, g lide */
	uint8_t a, b, drop;
} traits[SOUNDS] = {
	[SOUND_AA] = { 'v', 0, 3, 60 }, [SOUND_AE] = { 'v', 1, 0, 60 },
	[SOUND_AH] = { 'v', 2, 2, 42 }, [SOUND_AO] = { 'v', 1, 4, 60 },
	[SOUND_AW] = { 'v', 1, 3, 72 }, [SOUND_AY] = { 'v', 1, 1, 72 },
	[SOUND_EH] = { 'v', 2, 0, 54 }, [SOUND_ER] = { 'v', 2, 2, 60 },
	[SOUND_EY] = { 'v', 3, 0, 66 }, [SOUND_IH] = { 'v', 3, 1, 42 },
	[SOUND_IY] = { 'v', 4, 0, 60 }, [SOUND_OW] = { 'v', 2, 4, 66 },
	[SOUND_OY] = { 'v', 2, 3, 72 }, [SOUND_UH] = { 'v', 3, 3, 48 },
	[SOUND_UW] = { 'v', 4, 4, 60 },
	[SOUND_B] = { 's', 0, 1, 80 }, [SOUND_CH] = { 'a', 5, 0, 80 },
	[SOUND_D] = { 's', 3, 1, 55 }, [SOUND_DH] = { 'f', 2, 1, 50 },
	[SOUND_F] = { 'f', 1, 0, 80 }, [SOUND_G] = { 's', 7, 1, 80 },
	[SOUND_HH] = { 'f', 8, 0, 35 }, [SOUND_JH] = { 'a', 5, 1, 80 },
	[SOUND_K] = { 's', 7, 0, 80 }, [SOUND_L] = { 'l', 3, 1, 60 },
	[SOUND_M] = { 'n', 0, 1, 75 }, [SOUND_N] = { 'n', 3, 1, 60 },
	[SOUND_NG] = { 'n', 7, 1, 60 }, [SOUND_P] = { 's', 0, 0, 80 },
	[SOUND_R] = { 'l', 4, 1, 45 }, [SOUND_S] = { 'f', 3, 0, 70 },
	[SOUND_SH] = { 'f', 5, 0, 80 }, [SOUND_T] = { 's', 3, 0, 55 },
	[SOUND_TH] = { 'f', 2, 0, 70 }, [SOUND_V] = { 'f', 1, 1, 65 },
	[SOUND_W] = { 'g', 0, 1, 55 }, [SOUND_Y] = { 'g', 6, 1, 40 },
	[SOUND_Z] = { 'f', 3, 1, 60 }, [SOUND_ZH] = { 'f', 5, 1, 80 }
};

/* Recognisers put in more than they drop; so much of the cost of dropping. */
#define PUT 80

static unsigned
apart(unsigned a, unsigned b)
{
	return a > b ? a - b : b - a;
}

static unsigned
change(int x, int y)
{
	unsigned place = apart(traits[x].a, traits[y].a);
	unsigned other = apart(traits[x].b, traits[y].b), cost;
	char m = traits[x].kind, n = traits[y].kind;

	if (x == y)
		return 0;
	if ((m == 'v') != (n == 'v')) {
		/* glides and liquids are vowels in a hurry */
		m = m == 'v' ? n : m;
		return m == 'g' || m == 'l' ? 70 : 110;
	}
	if (m == 'v') {
		cost = 12 + 8 * (place + other);
		return cost < 60 ? cost : 60;
	}
	cost = 8 * place + 20 * other;
	if (m != n)
		cost += (m == 'a' || n == 'a') ? 25 : 40;
	else
		cost += 15;
	return cost < 100 ? cost : 100;
}

void
sound_costs(struct sound_costs *c)
{
	int i, j;

	memset(c, 0, sizeof *c);
	for (i = 1; i < SOUNDS; i++) {
		c->drop[i] = traits[i].drop;
		c->put[i] = (uint8_t)(traits[i].drop * PUT / 100);
		for (j = 1; j < SOUNDS; j++)
			c->change[i][j] = (uint8_t)change(i, j);
	}
}

/* ---- spelling ---- */

/* A rule: after `before`, these letters, followed by `after`, sound so. In
 * before and after: '#' a vowel letter, ':' a consonant, '_' the word's edge,
 * '@' e, i or y; nothing: anything. The first rule that fits is taken. Sounds
 * are the names of the enum without SOUND_, in two letters. */
struct rule {
	const char *letters, *before, *after, *sounds;
};

/* By first letter, those of whole words first. */
static const struct rule rules[] = {
	{ "0", "", "", "Z IYR OW" }, { "1", "", "", "W AHN " },
	{ "2", "", "", "T UW" }, { "3", "", "", "THR IY" },
	{ "4", "", "", "F AOR " }, { "5", "", "", "F AYV " },
	{ "6", "", "", "S IHK S " }, { "7", "", "", "S EHV AHN " },
	{ "8", "", "", "EYT " }, { "9", "", "", "N AYN " },
	{ "any", "_", "", "EHN IY" }, { "any", "_", "one", "EHN IY" },
	{ "although", "_", "", "AOL DHOW" }, { "aw", "_", "a", "AHW " },
	{ "away", "_", "", "AHW EY" }, { "actual", "_", "", "AEK CHUWAHL " },
	{ "answer", "_", "", "AEN S ER" },
	{ "always", "_", "", "AOL W EYZ " }, { "ange", "", "", "EYN JH" },
	{ "arr", "_", "", "AHR " }, { "arr", "", "", "EHR " }, { "ally", "", "_", "AHL IY" },
	{ "ain", "t", "_", "AHN " }, { "a", "_", "_", "EY" },
	{ "are", "_", "_", "AAR " }, { "augh", "", "t", "AO" },
	{ "augh", "", "", "AEF " }, { "aigh", "", "", "EY" },
	{ "age", ":", "_", "IHJH" }, { "able", ":", "_", "AHB AHL " },
	{ "are", ":", "_", "EHR " }, { "ation", "", "", "EYSHAHN " },
	{ "air", "", "", "EHR " }, { "ar", "w", "", "AOR " },
	{ "ar", "", "#", "EHR " }, { "ar", "", "", "AAR " },
	{ "ai", "", "", "EY" }, { "ay", "", "", "EY" },
	{ "au", "", "", "AO" }, { "aw", "", "", "AO" },
	{ "all", "", "", "AOL " }, { "al", "", "k", "AO" },
	{ "alt", "", "", "AOL T " }, { "a", "w", ":", "AA" },
	{ "ae", "", "", "IY" }, { "a", "", "x", "AE" },
	{ "a", "", ":e_", "EY" }, { "a", "", ":es_", "EY" },
	{ "a", "", ":ed_", "EY" }, { "a", "", "_", "AH" },
	{ "a", "", ":er", "EY" }, { "a", "", ":o_", "EY" },
	{ "a", "", "", "AE" }, { "been", "_", "_", "B IHN " },
	{ "business", "_", "", "B IHZ N AHS " }, { "buy", "_", "_", "B AY" },
	{ "both", "_", "_", "B OWTH" }, { "build", "_", "", "B IHL D " },
	{ "break", "_", "", "B R EYK " }, { "body", "", "_", "B AAD IY" },
	{ "b", "_", "_", "B IY" }, { "be", "_", "_", "B IY" },
	{ "by", "_", "_", "B AY" }, { "box", "", "", "B AAK S " },
	{ "bb", "", "", "B " }, { "b", "m", "_", "" }, { "b", "", "t_", "" },
	{ "b", "", "", "B " }, { "could", "_", "", "K UHD " },
	{ "colour", "_", "", "K AHL ER" }, { "color", "_", "", "K AHL ER" },
	{ "couple", "_", "", "K AHP AHL " },
	{ "country", "_", "", "K AHN T R IY" },
	{ "company", "_", "", "K AHM P AHN IY" },
	{ "custom", "_", "", "K AHS T AHM " },
	{ "ciate", "", "", "SHIYEYT " }, { "change", "", "", "CHEYN JH" },
	{ "c", "_", "_", "S IY" }, { "come", "_", "", "K AHM " },
	{ "cafe", "_", "", "K AEF EY" }, { "cch", "", "", "K " },
	{ "cc", "", "@", "K S " }, { "cc", "", "", "K " },
	{ "chr", "", "", "K R " }, { "ch", "", "", "CH" },
	{ "ck", "", "", "K " }, { "cial", "", "", "SHAHL " },
	{ "cian", "", "", "SHAHN " }, { "ce", "", "an", "SH" },
	{ "c", "", "@", "S " }, { "cq", "", "", "K " }, { "c", "", "", "K " },
	{ "dis", "_", "", "D IHS " }, { "does", "_", "_", "D AHZ " },
	{ "don", "_", "_", "D OWN " }, { "double", "_", "", "D AHB AHL " },
	{ "dr", "_", "_", "D AAK T ER" }, { "d", "_", "_", "D IY" },
	{ "do", "_", "_", "D UW" }, { "done", "_", "_", "D AHN " },
	{ "dge", "", "", "JH" }, { "dg", "", "", "JH" },
	{ "dd", "", "", "D " }, { "d", "", "", "D " },
	{ "every", "_", "", "EHV R IY" }, { "eye", "_", "", "AY" },
	{ "exc", "_", "@", "IHK S " },
	{ "ex", "_", "#", "IHG Z " },
	{ "engine", "_", "", "EHN JHAHN " }, { "early", "_", "", "ERL IY" },
	{ "even", "_", "_", "IYV IHN " }, { "ei", "_", "", "AY" },
	{ "err", "", "", "EHR " }, { "ery", "", "_", "ERIY" },
	{ "ew", "n", "_", "UW" }, { "e", "_", "_", "IY" },
	{ "eight", "_", "", "EYT " }, { "echo", "_", "", "EHK OW" },
	{ "eigh", "", "", "EY" }, { "eau", "", "", "OW" },
	{ "ear", "", ":", "ER" }, { "ear", "", "", "IHR " },
	{ "eer", "", "", "IHR " }, { "ere", "", "_", "IHR " },
	{ "ea", "", "d", "EH" }, { "ea", "", "th", "EH" },
	{ "ea", "", "", "IY" }, { "ee", "", "", "IY" },
	{ "ei", "c", "", "IY" }, { "ei", "", "", "EY" },
	{ "eu", "", "", "Y UW" }, { "ew", "", "", "UW" },
	{ "ey", "", "_", "IY" }, { "er", "", "#", "EHR " },
	{ "er", "", "", "ER" }, { "ed", "t", "_", "AHD " },
	{ "ed", "d", "_", "AHD " }, { "ed", ":", "_", "D " },
	{ "es", ":", "_", "Z " }, { "e", ":", "_", "" },
	{ "e", "", "ly_", "" }, { "e", "", "x", "EH" },
	{ "e", "", ":e_", "IY" }, { "e", "_:", ":#", "IY" },
	{ "e", "", "", "EH" }, { "friend", "_", "", "F R EHN D " },
	{ "front", "_", "", "F R AHN T " }, { "from", "_", "_", "F R AHM " },
	{ "figure", "_", "", "F IHG Y ER" }, { "fify", "", "", "F IHF AY" },
	{ "fy", "", "_", "F AY" }, { "f", "_", "_", "EHF " },
	{ "four", "_", "", "F AOR " }, { "fiber", "_", "", "F AYB ER" },
	{ "fibre", "_", "", "F AYB ER" }, { "ff", "", "", "F " },
	{ "f", "", "", "F " }, { "give", "_", "", "G IHV " },
	{ "get", "_", "", "G EHT " }, { "gone", "_", "_", "G AON " },
	{ "great", "_", "", "G R EYT " }, { "guess", "_", "", "G EHS " },
	{ "gi", "_", "ft", "G IH" }, { "gue", "", "_", "G " },
	{ "g", "_", "_", "JHIY" }, { "go", "_", "_", "G OW" },
	{ "guard", "", "", "G AAR D " }, { "gg", "", "", "G " },
	{ "gh", "_", "", "G " }, { "gh", "", "", "" },
	{ "gn", "_", "", "N " }, { "gn", "", "_", "N " },
	{ "g", "_", "et", "G " }, { "g", "_", "i", "G " },
	{ "g", "", "er_", "JH" }, { "g", "", "@", "JH" },
	{ "g", "n", "_", "" }, { "g", "", "", "G " },
	{ "hour", "_", "", "AWER" }, { "honest", "_", "", "AAN EHS T " },
	{ "heard", "_", "_", "HHERD " }, { "heart", "_", "", "HHAAR T " },
	{ "home", "_", "", "HHOWM " }, { "h", "_", "_", "EYCH" },
	{ "have", "_", "_", "HHAEV " }, { "he", "_", "_", "HHIY" },
	{ "how", "_", "_", "HHAW" }, { "h", "_", "", "HH" },
	{ "h", "", "#", "HH" }, { "h", "", "", "" },
	{ "io", "d", "", "IYOW" }, { "island", "_", "", "AYL AHN D " },
	{ "ious", "", "_", "IYAHS " }, { "ior", "", "_", "Y ER" },
	{ "iour", "", "", "Y ER" }, { "ium", "", "_", "IYAHM " },
	{ "io", "t", "", "SHOW" }, { "io", "", "", "IYOW" },
	{ "irr", "", "", "IHR " }, { "inger", "", "", "IHNGG ER" },
	{ "ilar", "", "", "IHL ER" }, { "ive", "", "_", "IHV " },
	{ "i", "_", "_", "AY" }, { "igh", "", "", "AY" },
	{ "ign", "", "_", "AYN " }, { "ier", "", "_", "IYER" },
	{ "ies", "", "_", "IYZ " }, { "ied", "", "_", "IYD " },
	{ "ie", "", "_", "IY" }, { "ire", "", "", "AYER" },
	{ "ir", "", "#", "IHR " }, { "ir", "", "", "ER" },
	{ "ind", "", "_", "AYN D " }, { "ild", "", "_", "AYL D " },
	{ "ial", "d", "", "AYAHL " }, { "ia", "t", "", "AH" },
	{ "ia", "c", "", "AH" }, { "ia", "", "", "IYAH" },
	{ "ing", "", "_", "IHNG" }, { "ique", "", "_", "IYK " },
	{ "ie", "", "", "IY" }, { "i", "", "x", "IH" },
	{ "i", "", ":e_", "AY" }, { "i", "", ":es_", "AY" },
	{ "i", "", ":ed_", "AY" }, { "i", "", ":er", "AY" },
	{ "i", "_:", ":#", "AY" }, { "i", "", "_", "IY" },
	{ "i", "", "", "IH" }, { "j", "_", "_", "JHEY" },
	{ "j", "", "", "JH" }, { "k", "_", "_", "K EY" },
	{ "know", "_", "_", "N OW" }, { "kn", "_", "", "N " },
	{ "kk", "", "", "K " }, { "k", "", "", "K " },
	{ "listen", "_", "", "L IHS AHN " }, { "live", "_", "", "L IHV " },
	{ "laugh", "_", "", "L AEF " }, { "l", "_", "_", "EHL " },
	{ "le", ":", "_", "AHL " }, { "les", ":", "_", "AHL Z " },
	{ "ll", "", "", "L " }, { "l", "", "", "L " },
	{ "mr", "_", "_", "M IHS T ER" }, { "mrs", "_", "_", "M IHS IHZ " },
	{ "most", "_", "", "M OWS T " }, { "money", "_", "", "M AHN IY" },
	{ "many", "_", "_", "M EHN IY" }, { "monday", "_", "", "M AHN D EY" },
	{ "month", "_", "", "M AHN TH" }, { "move", "_", "", "M UWV " },
	{ "minute", "_", "", "M IHN AHT " },
	{ "monitor", "_", "", "M AAN IHT ER" }, { "m", "_", "_", "EHM " },
	{ "me", "_", "_", "M IY" }, { "my", "_", "_", "M AY" },
	{ "mm", "", "", "M " }, { "m", "", "", "M " },
	{ "nothing", "_", "", "N AHTHIHNG" }, { "none", "_", "_", "N AHN " },
	{ "nge", "", "", "N JH" }, { "ng", "", "s_", "NG" },
	{ "n", "_", "_", "EHN " }, { "no", "_", "_", "N OW" },
	{ "now", "_", "_", "N AW" }, { "ng", "", "_", "NG" },
	{ "ng", "", "#", "NGG " }, { "nk", "", "", "NGK " },
	{ "nc", "", "_", "NGK " }, { "nn", "", "", "N " },
	{ "n", "", "", "N " }, { "ok", "_", "_", "OWK EY" },
	{ "okay", "_", "", "OWK EY" }, { "once", "_", "", "W AHN S " },
	{ "only", "_", "_", "OWN L IY" }, { "other", "_", "", "AHDHER" },
	{ "operat", "_", "", "AAP EREYT " }, { "or", ":", "_", "ER" },
	{ "orr", "", "", "AOR " }, { "olo", "", "", "AAL AH" },
	{ "oor", "", "", "AOR " }, { "one", "y", "_", "W AHN " },
	{ "our", "av", "", "ER" }, { "our", "ol", "", "ER" },
	{ "ough", "c", "", "AOF " }, { "ough", "tr", "", "AOF " },
	{ "ough", "d", "", "OW" }, { "oup", "r", "", "UWP " },
	{ "ow", "n", "_", "OW" }, { "ow", "h", "_", "AW" },
	{ "o", "_", "_", "OW" }, { "of", "_", "_", "AHV " },
	{ "one", "_", "_", "W AHN " }, { "ough", "", "t", "AO" },
	{ "ough", "thr", "", "UW" }, { "ough", "", "", "AHF " },
	{ "ould", "", "", "UHD " }, { "ourn", "", "", "ERN " },
	{ "our", "", "", "AOR " }, { "ous", "", "_", "AHS " },
	{ "ound", "", "", "AWN D " }, { "ou", "", "", "AW" },
	{ "ower", "", "", "AWER" }, { "own", "n", "", "OWN " },
	{ "ow", "", "_", "OW" }, { "ow", "", "", "AW" },
	{ "oo", "", "k", "UH" }, { "oo", "", "d_", "UH" },
	{ "oo", "", "", "UW" }, { "oa", "", "", "OW" },
	{ "oi", "", "", "OY" }, { "oy", "", "", "OY" },
	{ "oe", "", "", "OW" }, { "ore", "", "", "AOR " },
	{ "or", "w", ":", "ER" }, { "or", "", "", "AOR " },
	{ "old", "", "", "OWL D " }, { "oll", "", "_", "OWL " },
	{ "olk", "", "", "OWK " }, { "ost", "", "_", "OWS T " },
	{ "oth", "m", "", "AHDH" }, { "ove", "l", "", "AHV " },
	{ "ove", "", "_", "OWV " }, { "on", ":", "_", "AHN " },
	{ "o", "", "_", "OW" }, { "o", "", "x", "AA" },
	{ "o", "", ":#", "OW" }, { "o", "", "", "AA" },
	{ "pc", "_", "_", "P IYS IY" }, { "put", "_", "_", "P UHT " },
	{ "problem", "_", "", "P R AAB L AHM " },
	{ "please", "_", "", "P L IYZ " }, { "push", "_", "", "P UHSH" },
	{ "pro", "_", "_", "P R OW" }, { "promise", "_", "", "P R AAM IHS " },
	{ "p", "_", "_", "P IY" }, { "people", "_", "", "P IYP AHL " },
	{ "ph", "", "", "F " }, { "pp", "", "", "P " },
	{ "ps", "_", "", "S " }, { "p", "", "", "P " },
	{ "q", "_", "_", "K Y UW" }, { "queue", "", "", "K Y UW" },
	{ "qu", "", "e_", "K " }, { "qu", "", "", "K W " },
	{ "q", "", "", "K " }, { "really", "_", "", "R IYL IY" },
	{ "ready", "_", "", "R EHD IY" }, { "r", "_", "_", "AAR " },
	{ "rh", "_", "", "R " }, { "rr", "", "", "R " },
	{ "r", "", "", "R " }, { "says", "_", "_", "S EHZ " },
	{ "sugar", "_", "", "SHUHG ER" }, { "sure", "_", "", "SHUHR " },
	{ "several", "_", "", "S EHV R AHL " }, { "son", "_", "_", "S AHN " },
	{ "ssure", "", "", "SHER" }, { "sure", "", "", "ZHER" },
	{ "sion", "r", "", "ZHAHN " }, { "s", "_", "_", "EHS " },
	{ "said", "_", "_", "S EHD " }, { "some", "_", "", "S AHM " },
	{ "she", "_", "_", "SHIY" }, { "so", "_", "_", "S OW" },
	{ "suite", "_", "_", "S W IYT " }, { "sch", "", "", "S K " },
	{ "sc", "", "@", "S " }, { "sh", "", "", "SH" },
	{ "ssion", "", "", "SHAHN " }, { "sion", "#", "", "ZHAHN " },
	{ "sion", "", "", "SHAHN " }, { "ss", "", "", "S " },
	{ "s", "#", "#", "Z " }, { "s", "#", "e_", "Z " },
	{ "s", "#", "_", "Z " }, { "s", "_", "", "S " },
	{ "s", "", "", "S " }, { "tuesday", "_", "", "T UWZ D EY" },
	{ "these", "_", "_", "DHIYZ " }, { "those", "_", "_", "DHOWZ " },
	{ "them", "_", "_", "DHEHM " }, { "though", "_", "_", "DHOW" },
	{ "thou", "_", "", "DHAW" }, { "through", "_", "", "THR UW" },
	{ "touch", "_", "", "T AHCH" }, { "tv", "_", "_", "T IYV IY" },
	{ "tomorrow", "_", "", "T AHM AAR OW" },
	{ "together", "_", "", "T AHG EHDHER" },
	{ "today", "_", "", "T AHD EY" },
	{ "trouble", "_", "", "T R AHB AHL " },
	{ "tongue", "_", "", "T AHNG" }, { "tual", "", "", "CHUWAHL " },
	{ "tient", "", "", "SHAHN T " }, { "tience", "", "", "SHAHN S " },
	{ "tuation", "", "", "CHUWEYSHAHN " }, { "thing", "", "", "THIHNG" },
	{ "t", "_", "_", "T IY" }, { "the", "_", "_", "DHAH" },
	{ "to", "_", "_", "T UW" }, { "two", "_", "_", "T UW" },
	{ "there", "_", "_", "DHEHR " }, { "their", "_", "", "DHEHR " },
	{ "they", "_", "_", "DHEY" }, { "this", "_", "_", "DHIHS " },
	{ "that", "_", "_", "DHAET " }, { "then", "_", "_", "DHEHN " },
	{ "than", "_", "_", "DHAEN " }, { "tch", "", "", "CH" },
	{ "tial", "", "", "SHAHL " }, { "tion", "s", "", "CHAHN " },
	{ "tion", "", "", "SHAHN " }, { "ture", "", "_", "CHER" },
	{ "th", "", "er", "DH" }, { "th", "", "", "TH" },
	{ "tt", "", "", "T " }, { "ten", "s", "_", "AHN " },
	{ "t", "", "", "T " }, { "uni", "_", "", "Y UWN IH" },
	{ "un", "_", "", "AHN " }, { "usb", "_", "_", "Y UWEHS B IY" },
	{ "us", "_", "_", "AHS " }, { "up", "_", "", "AHP " },
	{ "usual", "_", "", "Y UWZHUWAHL " }, { "ual", "", "", "Y UWAHL " },
	{ "ular", "", "", "Y AHL ER" }, { "ui", "b", "", "IH" },
	{ "uy", "", "", "AY" }, { "uel", "", "_", "Y UWL " },
	{ "u", "_", "_", "Y UW" }, { "ure", "t", "_", "ER" },
	{ "ure", "", "", "Y UHR " }, { "ur", "", "", "ER" },
	{ "ui", "", "", "UW" }, { "ue", "", "_", "UW" },
	{ "ull", "", "", "UHL " }, { "u", "g", "#", "" },
	{ "u", "_", ":#", "Y UW" }, { "u", "", ":#", "UW" },
	{ "u", "", "_", "UW" }, { "u", "", "", "AH" },
	{ "very", "_", "_", "V EHR IY" }, { "visit", "_", "", "V IHZ IHT " },
	{ "view", "", "", "V Y UW" }, { "v", "_", "_", "V IY" },
	{ "voip", "", "", "V OYP " }, { "v", "", "", "V " },
	{ "wednesday", "_", "", "W EHN Z D EY" },
	{ "were", "_", "_", "W ER" }, { "wore", "_", "", "W AOR " },
	{ "worn", "_", "", "W AOR N " },
	{ "wor", "_", "", "W ER" },
	{ "war", "_", "", "W AOR " }, { "where", "_", "", "W EHR " },
	{ "whole", "_", "", "HHOWL " }, { "would", "_", "", "W UHD " },
	{ "woman", "_", "", "W UHM AHN " }, { "water", "_", "", "W AOT ER" },
	{ "won", "_", "_", "W AHN " }, { "ward", "", "", "W ERD " },
	{ "w", "_", "_", "D AHB L Y UW" }, { "who", "_", "_", "HHUW" },
	{ "was", "_", "_", "W AHZ " }, { "what", "_", "_", "W AHT " },
	{ "want", "_", "_", "W AAN T " }, { "with", "_", "_", "W IHDH" },
	{ "we", "_", "_", "W IY" }, { "why", "_", "_", "W AY" },
	{ "wifi", "", "", "W AYF AY" }, { "wh", "", "o", "HH" },
	{ "wh", "", "", "W " }, { "wr", "_", "", "R " },
	{ "w", "", "#", "W " }, { "w", "", "", "" },
	{ "x", "_", "_", "EHK S " }, { "x", "_", "", "Z " },
	{ "x", "", "", "K S " }, { "y", "_", "_", "W AY" },
	{ "you", "_", "_", "Y UW" }, { "your", "_", "_", "Y AOR " },
	{ "y", "_", "", "Y " }, { "y", "#", "#", "Y " },
	{ "y", "", "_", "IY" }, { "y", "", "", "IH" },
	{ "z", "_", "_", "Z IY" }, { "zz", "", "", "Z " },
	{ "z", "", "", "Z " },
};

/* The names of sounds, in the order of the enum. */
static const char names[] = "  AAAEAHAOAWAYEHEREYIHIYOWOYUHUW"
    "B CHD DHF G HHJHK L M N NGP R S SHT THV W Y Z ZH";

static bool
is_vowel(char c)
{
	return c && strchr("aeiouy", c) != NULL;
}

/* Does one sign of a rule's context hold for a letter (0: the edge)? */
static bool
holds(char sign, char letter)
{
	switch (sign) {
	case '_':
		return !letter;
	case '#':
		return is_vowel(letter);
	case ':':
		return letter && !is_vowel(letter);
	case '@':
		return letter == 'e' || letter == 'i' || letter == 'y';
	default:
		return sign == letter;
	}
}

static bool
fits(const struct rule *r, const char *p, size_t n, size_t at)
{
	size_t len = strlen(r->letters), b = strlen(r->before), i;

	if (len > n - at || memcmp(p + at, r->letters, len) != 0)
		return false;
	for (i = 0; i < b; i++)
		if (i > at || !holds(r->before[b - 1 - i],
		    i < at ? p[at - 1 - i] : '\0'))
			return false;
	for (i = 0; r->after[i]; i++)
		if (at + len + i > n || !holds(r->after[i],
		    at + len + i < n ? p[at + len + i] : '\0'))
			return false;
	return true;
}

static uint8_t
sound_of(const char *name)
{
	uint8_t i;

	for (i = 1; i < SOUNDS; i++)
		if (names[2 * i] == name[0] && names[2 * i + 1] == name[1])
			return i;
	return SOUND_NONE;
}

/* The first rule for a letter, or for one after it. */
static const struct rule *
rules_for(char c)
{
	size_t lo = 0, hi = COUNT(rules), mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (rules[mid].letters[0] < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	return rules + lo;
}

size_t
sound_word(uint8_t *out, size_t room, const char *p, size_t n)
{
	const struct rule *r, *end = rules + COUNT(rules);
	const char *s;
	size_t at = 0, k = 0;

	while (at < n) {
		for (r = rules_for(p[at]); r < end && r->letters[0] == p[at] &&
		    !fits(r, p, n, at); r++)
			;
		if (r == end || r->letters[0] != p[at]) {
			at++;           /* a letter of another script */
			continue;
		}
		for (s = r->sounds; *s && k < room; s += 2)
			out[k++] = sound_of(s);
		at += strlen(r->letters);
	}
	return k;
}

const char *
sound_name(uint8_t sound)
{
	static const char *const all[SOUNDS] = { "", "AA", "AE", "AH", "AO",
	    "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
	    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N",
	    "NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH" };

	return all[sound];
}
