// A borrowed range of elements: what every function that takes a list accepts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <vector>

namespace mlxir {

template <typename T> class Span {
  using Plain = std::remove_const_t<T>;

public:
  Span() = default;
  Span(T *data, size_t size) : first(data), count(size) {}
  Span(const std::vector<Plain> &list) : first(list.data()), count(list.size()) {}
  Span(const std::initializer_list<Plain> &list) : first(list.begin()), count(list.size()) {}

  T *begin() const { return first; }
  T *end() const { return first + count; }
  T *data() const { return first; }
  size_t size() const { return count; }
  bool empty() const { return count == 0; }
  T &operator[](size_t i) const { return first[i]; }

private:
  T *first = nullptr;
  size_t count = 0;
};

} // namespace mlxir
