/* A text that grows, for building JSON in C99. */
#ifndef JARVIS_C_TEXT_H
#define JARVIS_C_TEXT_H

#include <jarvis/abi/base.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Begin with `jarvis_text text = {0};` and end with jarvis_text_free. When memory runs out
 * `failed` stays 1 and nothing more is added: it is enough to look once, at the end. */
typedef struct jarvis_text {
  char* data; /* with a NUL behind it; NULL while the text is empty */
  size_t size;
  size_t capacity;
  int failed;
} jarvis_text;

static inline void jarvis_text_free(jarvis_text* text) {
  free(text->data);
  memset(text, 0, sizeof *text);
}

static inline jarvis_str jarvis_text_view(const jarvis_text* text) {
  jarvis_str view;
  view.ptr = text->data;
  view.len = text->size;
  return view;
}

static inline void jarvis_text_add_bytes(jarvis_text* text, const char* bytes, size_t count) {
  if (text->failed || count == 0) return;
  if (count > (size_t)-1 / 4 - text->size) {
    text->failed = 1;
    return;
  }
  if (text->size + count + 1 > text->capacity) {
    const size_t capacity = 2 * (text->size + count + 1);
    char* data = (char*)realloc(text->data, capacity);
    if (!data) {
      text->failed = 1;
      return;
    }
    text->data = data;
    text->capacity = capacity;
  }
  memcpy(text->data + text->size, bytes, count);
  text->size += count;
  text->data[text->size] = 0;
}

static inline void jarvis_text_add(jarvis_text* text, const char* more) {
  jarvis_text_add_bytes(text, more, strlen(more));
}

/** Adds what is JSON already: a value from jarvis_json_member, or `fallback` where that is missing.
 */
static inline void jarvis_text_add_value(jarvis_text* text, jarvis_str value,
                                         const char* fallback) {
  if (value.len == 0)
    jarvis_text_add(text, fallback);
  else
    jarvis_text_add_bytes(text, value.ptr, (size_t)value.len);
}

/** Adds a JSON string, quotes and escapes included. The bytes must be UTF-8. */
static inline void jarvis_text_add_string(jarvis_text* text, jarvis_str bytes) {
  uint64_t i;
  jarvis_text_add(text, "\"");
  for (i = 0; i < bytes.len; ++i) {
    const unsigned char c = (unsigned char)bytes.ptr[i];
    char escape[8];
    if (c >= 0x20 && c != '"' && c != '\\') {
      jarvis_text_add_bytes(text, &bytes.ptr[i], 1);
      continue;
    }
    sprintf(escape, c < 0x20 ? "\\u%04x" : "\\%c", c);
    jarvis_text_add(text, escape);
  }
  jarvis_text_add(text, "\"");
}

static inline void jarvis_text_add_number(jarvis_text* text, long number) {
  char digits[32];
  sprintf(digits, "%ld", number);
  jarvis_text_add(text, digits);
}

/** All bytes of a file; 0 when it cannot be read. */
static inline int jarvis_text_add_file(jarvis_text* text, const char* path) {
  char bytes[4096];
  size_t count;
  int broken;
  FILE* file = fopen(path, "rb");
  if (!file) return 0;
  while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
    jarvis_text_add_bytes(text, bytes, count);
  broken = ferror(file);
  fclose(file);
  return !broken && !text->failed;
}

/** Replaces the content of a file, which keeps its permissions; 0 when that fails. */
static inline int jarvis_text_write_file(const jarvis_text* text, const char* path) {
  size_t written;
  FILE* file = fopen(path, "wb");
  if (!file) return 0;
  written = fwrite(text->data ? text->data : "", 1, text->size, file);
  return fclose(file) == 0 && written == text->size;
}

#endif
