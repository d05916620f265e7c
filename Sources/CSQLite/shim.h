#pragma once
#include <sqlite3.h>

/* The destructor constant is a cast of an integer to a function pointer, which Swift does not import. */
static inline sqlite3_destructor_type wenming_sqlite_transient(void) { return SQLITE_TRANSIENT; }

/* sqlite3_config is variadic, which Swift cannot call. */
static inline int wenming_sqlite_disable_memory_status(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/* A negative number of pages is a number of KiB for each cache. */
static inline int wenming_sqlite_preallocate_page_caches(int kibibytes) {
    return sqlite3_config(SQLITE_CONFIG_PAGECACHE, (void *)0, 0, -kibibytes);
}

/* sqlite3_db_config is variadic too. Defensive: SQL cannot damage the file's own structures. No DQS: "a misspelt name"
   is an error and never silently a string. */
static inline int wenming_sqlite_harden(sqlite3 *db) {
    int result = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (result == SQLITE_OK) result = sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
    if (result == SQLITE_OK) result = sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
    return result;
}
