/* The one symbol that a plugin exports: `jarvis_plugin_entry`, a constant of type jarvis_plugin. */
#ifndef JARVIS_ABI_PLUGIN_H
#define JARVIS_ABI_PLUGIN_H

#include <jarvis/abi/interfaces.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JARVIS_ABI_MAGIC 0x4a525653u /* "JRVS" */
/** A host loads plugins of its own major version alone, of any minor one. */
#define JARVIS_ABI_MAJOR 1u
#define JARVIS_ABI_MINOR 0u
#define JARVIS_ENTRY_SYMBOL "jarvis_plugin_entry"

/** What the entry symbol is. It is read before any function of it is called. */
typedef struct jarvis_plugin {
  uint32_t struct_size; /**< sizeof(jarvis_plugin) of the plugin */
  uint32_t magic;       /**< JARVIS_ABI_MAGIC */
  uint32_t abi_major;   /**< JARVIS_ABI_MAJOR; the host refuses another one */
  uint32_t abi_minor;   /**< JARVIS_ABI_MINOR of the headers that the plugin was built with */
  jarvis_str id;        /**< as in plugin.toml; lives as long as the library, like the next two */
  jarvis_str name;      /**< for people; not compared with anything */
  jarvis_str version;   /**< as in plugin.toml */
  /** Called once before anything else, in each process that loads the library. Gives the plugin's
   * own state in `*self`, which is NULL before and may stay so. On JARVIS_OK the result is not
   * looked at (give "{}"); with any other status the plugin is refused with the error's message,
   * `*self` is forgotten and deinit is not called. `host` offers log and settings, but no service.
   * Never NULL. */
  jarvis_status (*init)(const jarvis_host* host, const jarvis_reply* reply, void** self);
  /** Called once, when no call is running and none will come; the library stays loaded. Not called
   * when init failed or the process is ended by force: nothing that matters may wait for it. May be
   * NULL. */
  void (*deinit)(void* self);
  /** The table of functions for an interface id ("judge/1"), or NULL for an id that the plugin does
   * not offer, also one that is not known yet. The same table every time; it lives as long as
   * `self`. Called from many threads at once, also while calls are running. Never NULL. */
  const void* (*get_interface)(void* self, jarvis_str interface_id);
} jarvis_plugin;

#ifdef __cplusplus
}
#endif
#endif
