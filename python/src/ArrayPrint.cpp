// `repr` of an array: nested brackets, long axes shortened to their first and last three items.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/ArrayPrint.h"

#include "python/src/ArrayObject.h"
#include "python/src/Element.h"

#include "runtime/record/Record.h"

namespace mlxir::py {
namespace {

constexpr int64_t kEdge = 3; // items shown at each end of a longer axis

int precision = -1;

class Printer {
public:
  Printer(const Value &value, const char *memory) : dtype(value.dtype()), dims(value.dims()), memory(memory) {}

  std::string print() {
    text = "array(";
    if (dims.empty())
      formatElement(dtype, memory, precision, text);
    else
      axis(0, 0, stride(0));
    return text + ", dtype=" + dtypeName(dtype) + ")";
  }

private:
  int64_t stride(unsigned axis) const {
    int64_t elements = 1;
    for (size_t i = axis + 1; i < dims.size(); ++i)
      elements *= dims[i];
    return elements;
  }

  void axis(unsigned depth, int64_t start, int64_t step) {
    bool isLast = depth + 1 == dims.size();
    std::string separator = isLast ? ", " : ",\n" + std::string(kIndent + depth + 1, ' ');
    text += "[";
    for (int64_t i = 0; i < dims[depth]; ++i) {
      if (i)
        text += separator;
      if (dims[depth] > 2 * kEdge && i == kEdge) {
        text += "...";
        i = dims[depth] - kEdge - 1;
        continue;
      }
      int64_t at = start + i * step;
      if (isLast)
        formatElement(dtype, memory + at * itemSize(dtype), precision, text);
      else
        axis(depth + 1, at, stride(depth + 1));
    }
    text += "]";
  }

  static constexpr unsigned kIndent = 6; // the width of "array("
  DType dtype;
  Span<const int64_t> dims;
  const char *memory;
  std::string text;
};

/// A traced array has no values; showing one must not stop a debugger.
bool isConcrete(const Value &value) {
  if (value.isEvaluated())
    return true;
  try {
    requireConcrete(value);
    return true;
  } catch (const Error &) {
    return false;
  }
}

PyObject *setPrecision(PyObject *, PyObject *digits) {
  long value = PyLong_AsLong(digits);
  if (value == -1 && PyErr_Occurred())
    return nullptr;
  precision = value < 0 ? -1 : static_cast<int>(std::min(value, 64L));
  Py_RETURN_NONE;
}

} // namespace

PyObject *representArray(PyObject *self) {
  return guarded([&] {
    Value value = handleOf(self).get();
    if (!isConcrete(value)) {
      return PyUnicode_FromFormat("array(<traced>, shape=%s, dtype=%s)", shapeText(value.dims()).c_str(),
                                  dtypeName(value.dtype()));
    }
    BufferRef buffer = readBuffer(value, "repr");
    Printer printer(value, static_cast<const char *>(buffer->data()));
    std::string text = printer.print();
    return PyUnicode_FromStringAndSize(text.data(), text.size());
  });
}

PyMethodDef printMethods[] = {
    {"set_print_precision", setPrecision, METH_O, "Digits after the point; negative: six significant ones."}, {}};

} // namespace mlxir::py
