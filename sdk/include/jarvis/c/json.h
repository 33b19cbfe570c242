/* Reads JSON in place: no tree, no memory of its own, C99. A value is a jarvis_str that borrows
 * from the text that it was found in. Text that is not JSON is a missing value, never a crash: what
 * a function looks at it also checks, and nesting is followed 64 levels deep. */
#ifndef JARVIS_C_JSON_H
#define JARVIS_C_JSON_H

#include <jarvis/abi/base.h>
#include <stddef.h>
#include <string.h>

#define JARVIS_JSON_DEPTH 64

/** True when the text is `literal`, byte for byte. */
static inline int jarvis_is(jarvis_str text, const char* literal) {
  const size_t length = strlen(literal);
  return text.len == length && (length == 0 || memcmp(text.ptr, literal, length) == 0);
}

static inline const char* jarvis_json_blank(const char* at, const char* end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) ++at;
  return at;
}

static inline int jarvis_json_hex(const char* at, const char* end, unsigned* unit) {
  int i;
  *unit = 0;
  if (end - at < 4) return 0;
  for (i = 0; i < 4; ++i) {
    const char c = at[i];
    if (c >= '0' && c <= '9')
      *unit = *unit * 16 + (unsigned)(c - '0');
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
      *unit = *unit * 16 + (unsigned)((c | 0x20) - 'a' + 10);
    else
      return 0;
  }
  return 1;
}

/* Each skip function gives the place behind what it skipped, or NULL where that is not well formed.
 */
static inline const char* jarvis_json_skip_string(const char* at, const char* end) {
  unsigned unit;
  if (at == end || *at != '"') return NULL;
  for (++at; at < end && *at != '"'; ++at) {
    if ((unsigned char)*at < 0x20) return NULL;
    if (*at != '\\') continue;
    if (++at == end) return NULL;
    if (*at == 'u') {
      if (!jarvis_json_hex(at + 1, end, &unit)) return NULL;
      at += 4;
    } else if (!*at || !strchr("\"\\/bfnrt", *at)) {
      return NULL;
    }
  }
  return at < end ? at + 1 : NULL;
}

static inline const char* jarvis_json_skip_digits(const char* at, const char* end) {
  const char* begin = at;
  while (at < end && *at >= '0' && *at <= '9') ++at;
  return at == begin ? NULL : at;
}

static inline const char* jarvis_json_skip_number(const char* at, const char* end) {
  if (at < end && *at == '-') ++at;
  if (at < end && *at == '0')
    ++at;
  else
    at = jarvis_json_skip_digits(at, end);
  if (at && at < end && *at == '.') at = jarvis_json_skip_digits(at + 1, end);
  if (at && at < end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at < end && (*at == '+' || *at == '-')) ++at;
    at = jarvis_json_skip_digits(at, end);
  }
  return at;
}

static inline const char* jarvis_json_skip_word(const char* at, const char* end, const char* word) {
  const size_t length = strlen(word);
  return (size_t)(end - at) >= length && memcmp(at, word, length) == 0 ? at + length : NULL;
}

static inline const char* jarvis_json_skip_value(const char* at, const char* end, int depth);

/* `at` is behind the opening bracket. */
static inline const char* jarvis_json_skip_items(const char* at, const char* end, char closing,
                                                 int depth) {
  at = jarvis_json_blank(at, end);
  if (at < end && *at == closing) return at + 1;
  for (;;) {
    if (closing == '}') {
      at = jarvis_json_skip_string(jarvis_json_blank(at, end), end);
      if (!at) return NULL;
      at = jarvis_json_blank(at, end);
      if (at == end || *at++ != ':') return NULL;
    }
    at = jarvis_json_skip_value(jarvis_json_blank(at, end), end, depth);
    if (!at) return NULL;
    at = jarvis_json_blank(at, end);
    if (at == end) return NULL;
    if (*at == closing) return at + 1;
    if (*at++ != ',') return NULL;
  }
}

static inline const char* jarvis_json_skip_value(const char* at, const char* end, int depth) {
  if (at == end || depth == 0) return NULL;
  switch (*at) {
    case '{':
      return jarvis_json_skip_items(at + 1, end, '}', depth - 1);
    case '[':
      return jarvis_json_skip_items(at + 1, end, ']', depth - 1);
    case '"':
      return jarvis_json_skip_string(at, end);
    case 't':
      return jarvis_json_skip_word(at, end, "true");
    case 'f':
      return jarvis_json_skip_word(at, end, "false");
    case 'n':
      return jarvis_json_skip_word(at, end, "null");
    default:
      return jarvis_json_skip_number(at, end);
  }
}

static inline jarvis_str jarvis_json_none(void) {
  jarvis_str none;
  none.ptr = NULL;
  none.len = 0;
  return none;
}

/** True when the text is one JSON value and nothing else. */
static inline int jarvis_json_valid(jarvis_str text) {
  const char *end, *at;
  if (text.len == 0) return 0;
  end = text.ptr + text.len;
  at = jarvis_json_skip_value(jarvis_json_blank(text.ptr, end), end, JARVIS_JSON_DEPTH);
  return at && jarvis_json_blank(at, end) == end;
}

/* The size of the UTF-8 form of a code point, which is written to `out`. */
static inline size_t jarvis_json_encode(unsigned code, char out[4]) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = (char)(0xC0 | (code >> 6));
    out[1] = (char)(0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = (char)(0xE0 | (code >> 12));
    out[1] = (char)(0x80 | ((code >> 6) & 0x3F));
    out[2] = (char)(0x80 | (code & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | (code >> 18));
  out[1] = (char)(0x80 | ((code >> 12) & 0x3F));
  out[2] = (char)(0x80 | ((code >> 6) & 0x3F));
  out[3] = (char)(0x80 | (code & 0x3F));
  return 4;
}

/* One character of a well-formed string literal as UTF-8, with its size; `*at` moves behind it.
 * Half a surrogate pair becomes U+FFFD. */
static inline size_t jarvis_json_character(const char** at, const char* end, char out[4]) {
  static const char names[] = "bfnrt", meant[] = "\b\f\n\r\t";
  unsigned code, low;
  const char* name;
  if (**at != '\\') {
    out[0] = *(*at)++;
    return 1;
  }
  ++*at;
  name = strchr(names, **at);
  if (**at != 'u') {
    out[0] = name ? meant[name - names] : **at;
    ++*at;
    return 1;
  }
  jarvis_json_hex(*at + 1, end, &code);
  *at += 5;
  if (code >= 0xD800 && code < 0xDC00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u' &&
      jarvis_json_hex(*at + 2, end, &low) && low >= 0xDC00 && low < 0xE000) {
    *at += 6;
    return jarvis_json_encode(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), out);
  }
  return jarvis_json_encode(code >= 0xD800 && code < 0xE000 ? 0xFFFD : code, out);
}

/** The text of a JSON string as UTF-8, with a NUL behind it. Gives its length, or -1 when `value`
 * is not a string, when the text holds a NUL itself, or when it does not fit: then `out` is "". */
static inline ptrdiff_t jarvis_json_text(jarvis_str value, char* out, size_t capacity) {
  const char* at = value.ptr;
  const char* end = value.len ? value.ptr + value.len : value.ptr;
  size_t size = 0;
  if (capacity == 0) return -1;
  out[0] = 0;
  if (value.len == 0 || jarvis_json_skip_string(at, end) != end) return -1;
  ++at;
  --end;
  while (at < end) {
    char bytes[4];
    const size_t count = jarvis_json_character(&at, end, bytes);
    if (bytes[0] == 0 || size + count >= capacity) {
      out[0] = 0;
      return -1;
    }
    memcpy(out + size, bytes, count);
    size += count;
  }
  out[size] = 0;
  return (ptrdiff_t)size;
}

/* True when the string literal means `key`, which may be written with escapes. */
static inline int jarvis_json_key_is(const char* at, const char* end, const char* key) {
  for (++at, --end; at < end;) {
    char bytes[4];
    const size_t count = jarvis_json_character(&at, end, bytes);
    if (strncmp(key, bytes, count) != 0 || memchr(bytes, 0, count)) return 0;
    key += count;
  }
  return *key == 0;
}

/** The value at `key` of an object, as it is written; {NULL, 0} when there is none or the text is
 * not a JSON object. Of several the last one counts, as with other readers. */
static inline jarvis_str jarvis_json_member(jarvis_str object, const char* key) {
  jarvis_str found = jarvis_json_none();
  const char *at, *end;
  if (!jarvis_json_valid(object)) return found;
  end = object.ptr + object.len;
  at = jarvis_json_blank(object.ptr, end);
  if (*at != '{') return found;
  at = jarvis_json_blank(at + 1, end);
  while (*at == '"') {
    const char* behind = jarvis_json_skip_string(at, end);
    const int wanted = jarvis_json_key_is(at, behind, key);
    const char* value = jarvis_json_blank(jarvis_json_blank(behind, end) + 1, end);
    at = jarvis_json_skip_value(value, end, JARVIS_JSON_DEPTH);
    if (wanted) {
      found.ptr = value;
      found.len = (uint64_t)(at - value);
    }
    at = jarvis_json_blank(at, end);
    if (*at == ',') at = jarvis_json_blank(at + 1, end);
  }
  return found;
}

/** As jarvis_json_text, for the string at `key` of an object. */
static inline ptrdiff_t jarvis_json_string(jarvis_str object, const char* key, char* out,
                                           size_t capacity) {
  return jarvis_json_text(jarvis_json_member(object, key), out, capacity);
}

/** Walks an array: gives 1 and the next item, or 0 at the end and for what is no array. Begin with
 * `*place` 0. */
static inline int jarvis_json_next(jarvis_str array, size_t* place, jarvis_str* item) {
  const char *at, *behind, *end;
  if (*place == 0 && !jarvis_json_valid(array)) return 0;
  end = array.ptr + array.len;
  at = jarvis_json_blank(array.ptr + *place, end);
  if (at == end || *at != (*place == 0 ? '[' : ',')) return 0;
  at = jarvis_json_blank(at + 1, end);
  if (*at == ']') return 0;
  behind = jarvis_json_skip_value(at, end, JARVIS_JSON_DEPTH);
  item->ptr = at;
  item->len = (uint64_t)(behind - at);
  *place = (size_t)(behind - array.ptr);
  return 1;
}

#endif
