#include "control/postgres_connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "control/postgres_error.h"

namespace weir::control {
namespace {

constexpr int kBinary = 1;
constexpr std::string_view kAttempt = "use the control store in PostgreSQL";

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, FreeResult>;

Status CheckConninfo(const std::string& conninfo) {
  char* error = nullptr;  // quotes the string, and with it the password
  const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(
      PQconninfoParse(conninfo.c_str(), &error));
  PQfreemem(error);
  if (parsed) return Ok();
  return Invalid("the connection string of the control store is none")
      .WithHint("postgres://user@host:5432/database");
}

Status CheckSchema(const std::string& schema) {
  const bool good = !schema.empty() && schema.size() <= 40 && schema[0] >= 'a' &&
                    schema[0] <= 'z' && std::all_of(schema.begin(), schema.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                    });
  if (good) return Ok();
  return Invalid("'{}' is no name of a schema", schema)
      .WithHint("a-z, then up to 39 of a-z, 0-9 and _");
}

bool IsRefusal(std::string_view text) {
  return text.find("authentication failed") != text.npos || text.find("pg_hba.conf") != text.npos ||
         text.find("no password supplied") != text.npos || text.find("role \"") != text.npos;
}

std::string_view FirstLine(const char* text) {
  const std::string_view all(text == nullptr ? "" : text);
  return all.substr(0, all.find('\n'));
}

std::chrono::milliseconds Left(SteadyTime deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max(left, std::chrono::milliseconds::zero());
}

bool IsGood(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY;
}

}  // namespace

PostgresRows::PostgresRows(pg_result* result) : result_(result), size_(PQntuples(result)) {}

PostgresRows::PostgresRows(PostgresRows&& other) noexcept
    : result_(std::exchange(other.result_, nullptr)), size_(other.size_) {}

PostgresRows& PostgresRows::operator=(PostgresRows&& other) noexcept {
  std::swap(result_, other.result_);
  std::swap(size_, other.size_);
  return *this;
}

PostgresRows::~PostgresRows() { PQclear(result_); }

std::int64_t PostgresRows::Number(int row, int column) const {
  WEIR_CHECK(PQgetlength(result_, row, column) == 8);
  const char* bytes = PQgetvalue(result_, row, column);
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<std::int64_t>(number);
}

std::string PostgresRows::Bytes(int row, int column) const {
  return {PQgetvalue(result_, row, column),
          static_cast<std::size_t>(PQgetlength(result_, row, column))};
}

bool PostgresRows::IsNull(int row, int column) const {
  return PQgetisnull(result_, row, column) != 0;
}

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(const Options& options) {
  RETURN_IF_ERROR(CheckConninfo(options.conninfo));
  RETURN_IF_ERROR(CheckSchema(options.schema));
  const std::array<const char*, 5> names{"dbname", "fallback_application_name", "client_encoding",
                                         "keepalives_idle", nullptr};
  const std::array<const char*, 5> values{options.conninfo.c_str(), "weir", "UTF8", "30", nullptr};
  PGconn* raw = PQconnectStartParams(names.data(), values.data(), 1);
  if (raw == nullptr) return Exhausted("no memory to reach PostgreSQL");
  // Notices would go to stderr.
  PQsetNoticeReceiver(
      raw, [](void*, const PGresult*) {}, nullptr);
  auto connection = std::unique_ptr<PostgresConnection>(
      new PostgresConnection(raw, options.statement_timeout + options.connect_timeout));
  RETURN_IF_ERROR(connection->Connect(std::chrono::steady_clock::now() + options.connect_timeout));
  // Notices would go to stderr.
  PQsetNoticeReceiver(
      raw, [](void*, const PGresult*) {}, nullptr);
  RETURN_IF_ERROR(connection->Set(options));
  return connection;
}

Status PostgresConnection::Connect(SteadyTime deadline) {
  PostgresPollingStatusType wants = PGRES_POLLING_WRITING;
  while (PQstatus(connection_) != CONNECTION_BAD && wants != PGRES_POLLING_OK) {
    RETURN_IF_ERROR(WaitFor(wants == PGRES_POLLING_WRITING, deadline));
    wants = PQconnectPoll(connection_);
    if (wants == PGRES_POLLING_FAILED) break;
  }
  if (PQstatus(connection_) == CONNECTION_OK) {
    if (PQsetnonblocking(connection_, 1) == 0) return Ok();
  }
  const std::string text(FirstLine(PQerrorMessage(connection_)));
  if (IsRefusal(text)) return Denied("PostgreSQL refuses us: {}", text);
  return Unavailable("PostgreSQL cannot be reached: {}", text);
}

Status PostgresConnection::Set(const Options& options) {
  // A commit that is not flushed is none, whatever the server's default; stronger ones may stay.
  return Execute(
      fmt::format("SET search_path = {}; SET statement_timeout = {}; SET lock_timeout = {}; "
                  "SET idle_in_transaction_session_timeout = {}; "
                  "SELECT set_config('synchronous_commit', 'on', false) "
                  "WHERE current_setting('synchronous_commit') IN ('off', 'local')",
                  options.schema, options.statement_timeout.count(),
                  options.statement_timeout.count(), 2 * options.statement_timeout.count()));
}

PostgresConnection::~PostgresConnection() { PQfinish(connection_); }

Result<PostgresRows> PostgresConnection::Run(const char* sql,
                                             const PostgresParameters& parameters) {
  ASSIGN_OR_RETURN(const std::string name, NameOf(sql));
  if (PQsendQueryPrepared(connection_, name.c_str(), parameters.count(), parameters.values(),
                          parameters.lengths(), parameters.formats(), kBinary) == 0) {
    RETURN_IF_ERROR(Fail("send a statement to PostgreSQL"));
  }
  return Finish();
}

Status PostgresConnection::Execute(const std::string& sql) {
  if (is_lost_) return Unavailable("the connection to PostgreSQL is lost");
  if (PQsendQuery(connection_, sql.c_str()) == 0) {
    RETURN_IF_ERROR(Fail("send a statement to PostgreSQL"));
  }
  RETURN_IF_ERROR(Finish());
  return Ok();
}

Result<std::string> PostgresConnection::NameOf(const char* sql) {
  if (is_lost_) return Unavailable("the connection to PostgreSQL is lost");
  if (const auto found = prepared_.find(sql); found != prepared_.end()) return found->second;
  const std::string name = fmt::format("weir_{}", prepared_.size());
  if (PQsendPrepare(connection_, name.c_str(), sql, 0, nullptr) == 0) {
    RETURN_IF_ERROR(Fail("prepare a statement in PostgreSQL"));
  }
  RETURN_IF_ERROR(Finish());
  prepared_.emplace(sql, name);
  return name;
}

// Sends what is left to send, and reads to the end of the answer; the last result counts, or the
// first error.
Result<PostgresRows> PostgresConnection::Finish() {
  const auto deadline = std::chrono::steady_clock::now() + timeout_;
  for (int left = 1; left != 0;) {
    left = PQflush(connection_);
    if (left < 0) RETURN_IF_ERROR(Fail(kAttempt));
    if (left > 0) RETURN_IF_ERROR(WaitFor(true, deadline));
  }
  ResultPtr last;
  std::optional<Error> error;
  while (true) {
    while (PQisBusy(connection_) != 0) {
      RETURN_IF_ERROR(WaitFor(false, deadline));
      if (PQconsumeInput(connection_) == 0) RETURN_IF_ERROR(Fail(kAttempt));
    }
    ResultPtr next(PQgetResult(connection_));
    if (!next) break;
    if (!IsGood(next.get()) && !error) {
      const char* state = PQresultErrorField(next.get(), PG_DIAG_SQLSTATE);
      error = PostgresError(state == nullptr ? "08006" : state,
                            FirstLine(PQresultErrorMessage(next.get())), kAttempt);
    }
    last = std::move(next);
  }
  if (PQstatus(connection_) != CONNECTION_OK) is_lost_ = true;
  if (error) return *std::move(error);
  if (!last) RETURN_IF_ERROR(Fail(kAttempt));
  return PostgresRows(last.release());
}

Status PostgresConnection::WaitFor(bool writing, SteadyTime deadline) {
  const int socket = PQsocket(connection_);
  if (socket < 0) return Fail(kAttempt);
  // While sending, also read: the server may be waiting for us to take its answer.
  const int events = writing ? POLLIN | POLLOUT : POLLIN;
  pollfd wait{socket, static_cast<short>(events), 0};
  const int ready = ::poll(&wait, 1, static_cast<int>(Left(deadline).count()));
  if (ready < 0 && errno == EINTR) return Ok();
  if (ready > 0) {
    if (writing && (wait.revents & POLLIN) != 0 && PQstatus(connection_) == CONNECTION_OK &&
        PQconsumeInput(connection_) == 0) {
      return Fail(kAttempt);
    }
    return Ok();
  }
  is_lost_ = true;
  return Unavailable("PostgreSQL did not answer in time");
}

Result<std::vector<std::string>> PostgresConnection::WaitForNotifications(
    int wake, std::chrono::milliseconds timeout) {
  std::array<pollfd, 2> waits{pollfd{PQsocket(connection_), POLLIN, 0}, pollfd{wake, POLLIN, 0}};
  (void)::poll(waits.data(), waits.size(), static_cast<int>(timeout.count()));
  if (PQconsumeInput(connection_) == 0) RETURN_IF_ERROR(Fail("hear from PostgreSQL"));
  std::vector<std::string> payloads;
  while (PGnotify* notification = PQnotifies(connection_)) {
    payloads.emplace_back(notification->extra);
    PQfreemem(notification);
  }
  return payloads;
}

bool PostgresConnection::IsSound() const {
  return !is_lost_ && PQstatus(connection_) == CONNECTION_OK;
}

bool PostgresConnection::IsInTransaction() const {
  return PQtransactionStatus(connection_) != PQTRANS_IDLE;
}

// libpq itself gave up: the connection is of no use any more.
Status PostgresConnection::Fail(std::string_view attempt) {
  is_lost_ = true;
  return Unavailable("{}: {}", attempt, FirstLine(PQerrorMessage(connection_)));
}

}  // namespace weir::control
