#pragma once

#include <boost/json/object.hpp>

/// The shared schemas of each noun; Components() joins them.
namespace weir::api {

boost::json::object BackupSchemas();
boost::json::object CompactSchemas();
boost::json::object DatasetChainSchemas();
boost::json::object DatasetTransferSchemas();
boost::json::object DerivationSchemas();
boost::json::object IngestSchemas();
boost::json::object KindSchemas();
boost::json::object LineageSchemas();
boost::json::object PackSchemas();
boost::json::object ProblemSchemas();
boost::json::object QuerySchemas();
boost::json::object RebuildSchemas();
boost::json::object ResetSchemas();
boost::json::object ResourceSchemas();
boost::json::object RevertSchemas();
boost::json::object ServerSchemas();
boost::json::object TailSchemas();
boost::json::object UsageSchemas();

}  // namespace weir::api
