#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "datasets/index_rows.h"
#include "engine/engine.h"
#include "odf/data_type.h"

// Rows as Parquet files in the cache, and the records that name them: what a kept state and packed
// slices are made of. Whatever is read back is checked, for nobody guards the cache.

namespace weir::datasets {

/// A file in the cache as it was written. `row.slice` has its size and the hash of its bytes
/// (twice, for there is no logical one), and offsets that count its rows from 0.
struct CachedFile {
  std::string name = {};
  SliceRow row = {};
};

/// Cuts `rows` into files of about `rows_of_file` below `directory`, named `prefix` and a random
/// text that no other has. When it fails nothing of it stays.
Result<std::vector<CachedFile>> WriteCachedFiles(const Context& context, Files& files,
                                                 const std::filesystem::path& directory,
                                                 const std::string& prefix, engine::RowStream& rows,
                                                 std::uint64_t rows_of_file);

/// Of each file whether its bytes are those that were written. They are hashed side by side.
std::vector<bool> AreWhole(const Context& context, Files& files,
                           const std::filesystem::path& directory,
                           std::span<const CachedFile> written);

/// Removes what lies in `directory` and is not named in `names`: left by a process that died.
void RemoveOthers(Files& files, const std::filesystem::path& directory,
                  std::span<const std::string> names);

/// Bytes of the files in `directory`; 0 when there is none.
Result<std::uint64_t> BytesIn(Files& files, const std::filesystem::path& directory);

/// Where the columns of `schema` stand in a file that has `columns`; nothing for one that it lacks.
std::vector<std::optional<std::size_t>> PositionsIn(const std::vector<std::string>& columns,
                                                    const odf::DataSchema& schema);
/// The names of all columns.
std::vector<std::string> NamesOf(const odf::DataSchema& schema);

/// The hash of `text` on a line before it, so that a torn or changed record is known for what it
/// is.
std::string Sealed(std::string_view text);
/// The text; kCorrupt when it is not what was sealed. A view into `content`.
Result<std::string_view> Unsealed(std::string_view content);

}  // namespace weir::datasets
