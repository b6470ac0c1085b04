#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weir::control {

/// A prepared statement while it is used: bind from 1, step, read columns from 0. Ready for the
/// next use when it goes out of scope.
class SqliteQuery {
 public:
  SqliteQuery(sqlite3* database, sqlite3_stmt* statement, const std::string& attempt)
      : database_(database), statement_(statement), attempt_(attempt) {}
  SqliteQuery(SqliteQuery&& other) noexcept;
  ~SqliteQuery();

  void Bind(int index, std::int64_t number);
  /// Texts and blobs are not copied: they outlive the query.
  void BindText(int index, std::string_view text);
  void BindBlob(int index, std::string_view bytes);
  void BindNull(int index);

  Result<bool> Step();  ///< whether there is a row
  Status Run();         ///< steps to the end; clears the bindings for another round

  std::int64_t Number(int column) const;
  std::string Bytes(int column) const;
  bool IsNull(int column) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_;
  const std::string& attempt_;  // what an error says was tried
};

/// One connection to an SQLite file, with its prepared statements. Used by one thread at a time.
class SqliteConnection {
 public:
  enum class Mode { kWriter, kReader };
  struct Options {
    std::string vfs = {};  ///< empty: the machine's files
    std::chrono::milliseconds busy_timeout{5000};
  };

  static Result<std::unique_ptr<SqliteConnection>> Open(const std::filesystem::path& path,
                                                        Mode mode, const Options& options);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  /// Runs statements that give no rows.
  Status Execute(const char* sql);

  /// `sql` is a constant of the program: its address names the prepared statement.
  Result<SqliteQuery> Prepare(const char* sql);

  /// The number that `sql` gives.
  Result<std::int64_t> ReadNumber(const char* sql);

  bool IsInTransaction() const;
  bool IsSound() const { return true; }  ///< a file does not go away
  sqlite3* handle() { return database_; }

 private:
  SqliteConnection(sqlite3* database, std::string attempt)
      : database_(database), attempt_(std::move(attempt)) {}

  sqlite3* database_;
  const std::string attempt_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

/// The Error that the last failure on `database` stands for; `attempt` says what was tried.
Error SqliteError(sqlite3* database, std::string_view attempt);

}  // namespace weir::control
