/* The one symbol that a plugin exports. */
#ifndef JARVIS_ABI_PLUGIN_H
#define JARVIS_ABI_PLUGIN_H

#include <jarvis/abi/interfaces.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JARVIS_ABI_MAGIC 0x4a525653u /* "JRVS" */
#define JARVIS_ABI_MAJOR 1u
#define JARVIS_ABI_MINOR 0u
#define JARVIS_ENTRY_SYMBOL "jarvis_plugin_entry"

typedef struct jarvis_plugin {
  uint32_t struct_size;
  uint32_t magic;
  uint32_t abi_major;
  uint32_t abi_minor;
  jarvis_str id; /* these three live as long as the library and agree with plugin.toml */
  jarvis_str name;
  jarvis_str version;
  /** Called once before anything else. Gives the plugin's own state in `*self` (may stay NULL). */
  jarvis_status (*init)(const jarvis_host* host, const jarvis_reply* reply, void** self);
  /** Called once, when no call is running. Never called when init failed. */
  void (*deinit)(void* self);
  /** The struct of functions for an interface id, or NULL. It lives as long as the plugin. */
  const void* (*get_interface)(void* self, jarvis_str interface_id);
} jarvis_plugin;

#ifdef __cplusplus
}
#endif
#endif
