// An intrusive reference: T has retain() and release(), which are safe from any thread.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <utility>

namespace mlxir {

template <typename T> class Ref {
public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  explicit Ref(T *object) : ptr(object) {
    if (ptr)
      ptr->retain();
  }
  Ref(const Ref &other) : Ref(other.ptr) {}
  Ref(Ref &&other) noexcept : ptr(std::exchange(other.ptr, nullptr)) {}
  ~Ref() {
    if (ptr)
      ptr->release();
  }
  Ref &operator=(Ref other) noexcept {
    std::swap(ptr, other.ptr);
    return *this;
  }

  /// Takes over a reference that the caller owns already.
  static Ref adopt(T *object) {
    Ref ref;
    ref.ptr = object;
    return ref;
  }
  /// Gives the reference up without releasing it.
  T *take() { return std::exchange(ptr, nullptr); }

  T *get() const { return ptr; }
  T *operator->() const { return ptr; }
  T &operator*() const { return *ptr; }
  explicit operator bool() const { return ptr != nullptr; }
  bool operator==(const Ref &other) const { return ptr == other.ptr; }
  bool operator!=(const Ref &other) const { return ptr != other.ptr; }

private:
  T *ptr = nullptr;
};

} // namespace mlxir
