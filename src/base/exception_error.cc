#include "base/exception_error.h"

#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>

#include "base/errno_error.h"

namespace weir {

Error ErrorOfCurrentException(std::string_view attempt) {
  try {
    throw;
  } catch (const std::system_error& error) {
    const std::error_category& category = error.code().category();
    if (category == std::generic_category() || category == std::system_category()) {
      return ErrnoError(error.code().value(), attempt);
    }
    return Unavailable("{}: {}", attempt, error.what());
  } catch (const std::bad_alloc&) {
    return Exhausted("{}: out of memory", attempt);
  } catch (const std::invalid_argument& error) {
    return Invalid("{}: {}", attempt, error.what());
  } catch (const std::out_of_range& error) {
    return Invalid("{}: {}", attempt, error.what());
  } catch (const std::exception& error) {
    return Internal("{}: {}", attempt, error.what());
  } catch (...) {
    return Internal("{}: an unknown exception", attempt);
  }
}

}  // namespace weir
