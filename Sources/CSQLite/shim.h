#pragma once
#include <sqlite3.h>

/* The destructor constants are casts of integers to function pointers, which Swift does not import. */
static inline sqlite3_destructor_type wenming_sqlite_transient(void) { return SQLITE_TRANSIENT; }
static inline sqlite3_destructor_type wenming_sqlite_static(void) { return SQLITE_STATIC; }

/* sqlite3_config is variadic, which Swift cannot call. */
static inline int wenming_sqlite_disable_memory_status(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
