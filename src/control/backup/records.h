#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "control/backend.h"

namespace weir::backup {

/// What a chunk holds (docs/formats/backup.md). The name stands at the front of its content, so
/// that one kind is never taken for another.
enum class ChunkKind { kEntries, kLog, kEvents, kFile };

/// "weir-entries-1", and so on.
std::string_view HeaderOf(ChunkKind kind);

void AppendRecord(std::string& content, const control::Entry& entry);
void AppendRecord(std::string& content, const control::Commit& commit);
void AppendRecord(std::string& content, const control::StoredEvent& event);

/// The records of a chunk's content, in order; kCorrupt for anything else.
Result<std::vector<control::Entry>> ReadEntries(std::string_view content);
Result<std::vector<control::CommitPtr>> ReadCommits(std::string_view content);
Result<std::vector<control::StoredEvent>> ReadEvents(std::string_view content);
/// A piece of a file.
Result<std::string> ReadFilePiece(std::string_view content);

}  // namespace weir::backup
