#pragma once

/// `std::size_t size_ WEIR_GUARDED_BY(mutex_);` says which mutex a field is only touched under. The
/// mutex is declared above the fields it guards.
#if defined(__clang__)
#define WEIR_GUARDED_BY(mutex) __attribute__((guarded_by(mutex)))
#else
#define WEIR_GUARDED_BY(mutex)
#endif
