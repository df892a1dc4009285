// The tables of the store, and how an older file becomes one of today.
#pragma once

#include "vorrat/store/database.h"

namespace vorrat::store {

/// The version that migrate() leaves behind, kept in the file's user_version.
int newest_version();

/// Brings the file to the newest version, step by step in one transaction; does nothing if it is
/// there. Throws Unavailable if the file was written by a newer vorrat or by another program.
void migrate(Database& database);

/// For reading: throws Unavailable unless the file is of the newest version.
void expect_newest(Database& database);

}  // namespace vorrat::store
