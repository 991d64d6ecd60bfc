// Operators of arrays: each records one op.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/ArrayObject.h"
#include "python/src/Operand.h"

#include "dialect/infer/OpTable.h"

namespace mlxir::py {
namespace {

/// Lists and strings are a mistake worth a clear error; of other objects Python may know more than we do.
PyObject *refuse(PyObject *object, Op op) {
  if (!PyList_Check(object) && !PyTuple_Check(object) && !PyUnicode_Check(object))
    Py_RETURN_NOTIMPLEMENTED;
  FunctionName name(opInfo(op).publicName);
  raise(ErrorKind::Value, std::string("expected an array or a number, got ") + Py_TYPE(object)->tp_name);
}

PyObject *binary(Op op, PyObject *a, PyObject *b) {
  return guarded([&] {
    noteLocation();
    Operand operands[2] = {Scalar::of(0), Scalar::of(0)};
    if (!tryOperand(a, operands[0]))
      return refuse(a, op);
    if (!tryOperand(b, operands[1]))
      return refuse(b, op);
    return wrap(apply(op, {operands, 2}));
  });
}

PyObject *unary(Op op, PyObject *a) {
  return guarded([&] {
    noteLocation();
    Operand operand = valueOf(a);
    return wrap(apply(op, {&operand, 1}));
  });
}

PyObject *inPlace(Op op, PyObject *a, PyObject *b) {
  return guarded([&]() -> PyObject * {
    noteLocation();
    Operand operands[2] = {valueOf(a), Scalar::of(0)};
    if (!tryOperand(b, operands[1]))
      return refuse(b, op);
    assign(handleOf(a), apply(op, {operands, 2}));
    return Py_NewRef(a);
  });
}

template <Op op> PyObject *binarySlot(PyObject *a, PyObject *b) { return binary(op, a, b); }
template <Op op> PyObject *unarySlot(PyObject *a) { return unary(op, a); }
template <Op op> PyObject *inPlaceSlot(PyObject *a, PyObject *b) { return inPlace(op, a, b); }

PyObject *power(PyObject *a, PyObject *b, PyObject *modulo) {
  if (modulo != Py_None)
    Py_RETURN_NOTIMPLEMENTED;
  return binary(Op::Power, a, b);
}

PyObject *powerInPlace(PyObject *a, PyObject *b, PyObject *modulo) {
  if (modulo != Py_None)
    Py_RETURN_NOTIMPLEMENTED;
  return inPlace(Op::Power, a, b);
}

/// An integer array cannot hold a quotient.
PyObject *divideInPlace(PyObject *a, PyObject *b) {
  return guarded([&]() -> PyObject * {
    DType dtype = handleOf(a).get().dtype();
    if (!isFloat(dtype)) {
      noteLocation();
      FunctionName name("divide");
      raise(ErrorKind::Value, std::string("expected a floating-point array to divide in place, "
                                          "got ") +
                                  dtypeName(dtype));
    }
    return inPlace(Op::Divide, a, b);
  });
}

PyObject *positive(PyObject *a) {
  return guarded([&] { return wrap(valueOf(a)); });
}

PyObject *byHook(const char *hook, PyObject *a, PyObject *b) {
  if (!isArray(a) || !isArray(b)) {
    PyObject *other = isArray(a) ? b : a;
    if (!PyObject_CheckBuffer(other))
      Py_RETURN_NOTIMPLEMENTED;
  }
  return guarded([&] { return callHook(hook, {a, b}); });
}

PyObject *matmul(PyObject *a, PyObject *b) { return byHook("matmul", a, b); }

PyObject *matmulInPlace(PyObject *a, PyObject *b) {
  Owned product(matmul(a, b));
  if (!product || product.get() == Py_NotImplemented)
    return product.take();
  return guarded([&] {
    assign(handleOf(a), valueOf(product.get()));
    return Py_NewRef(a);
  });
}

PyObject *divideWithRemainder(PyObject *a, PyObject *b) {
  Owned quotient(binarySlot<Op::FloorDivide>(a, b));
  if (!quotient || quotient.get() == Py_NotImplemented)
    return quotient.take();
  Owned rest(binarySlot<Op::Remainder>(a, b));
  return rest ? PyTuple_Pack(2, quotient.get(), rest.get()) : nullptr;
}

PyNumberMethods makeNumberMethods() {
  PyNumberMethods m{};
  m.nb_add = binarySlot<Op::Add>;
  m.nb_subtract = binarySlot<Op::Subtract>;
  m.nb_multiply = binarySlot<Op::Multiply>;
  m.nb_true_divide = binarySlot<Op::Divide>;
  m.nb_floor_divide = binarySlot<Op::FloorDivide>;
  m.nb_remainder = binarySlot<Op::Remainder>;
  m.nb_divmod = divideWithRemainder;
  m.nb_power = power;
  m.nb_and = binarySlot<Op::BitwiseAnd>;
  m.nb_or = binarySlot<Op::BitwiseOr>;
  m.nb_xor = binarySlot<Op::BitwiseXor>;
  m.nb_lshift = binarySlot<Op::LeftShift>;
  m.nb_rshift = binarySlot<Op::RightShift>;
  m.nb_negative = unarySlot<Op::Negative>;
  m.nb_positive = positive;
  m.nb_absolute = unarySlot<Op::Abs>;
  m.nb_invert = unarySlot<Op::BitwiseInvert>;
  m.nb_matrix_multiply = matmul;
  m.nb_inplace_add = inPlaceSlot<Op::Add>;
  m.nb_inplace_subtract = inPlaceSlot<Op::Subtract>;
  m.nb_inplace_multiply = inPlaceSlot<Op::Multiply>;
  m.nb_inplace_true_divide = divideInPlace;
  m.nb_inplace_floor_divide = inPlaceSlot<Op::FloorDivide>;
  m.nb_inplace_remainder = inPlaceSlot<Op::Remainder>;
  m.nb_inplace_power = powerInPlace;
  m.nb_inplace_and = inPlaceSlot<Op::BitwiseAnd>;
  m.nb_inplace_or = inPlaceSlot<Op::BitwiseOr>;
  m.nb_inplace_xor = inPlaceSlot<Op::BitwiseXor>;
  m.nb_inplace_lshift = inPlaceSlot<Op::LeftShift>;
  m.nb_inplace_rshift = inPlaceSlot<Op::RightShift>;
  m.nb_inplace_matrix_multiply = matmulInPlace;
  return m;
}

} // namespace

PyNumberMethods arrayNumberMethods = makeNumberMethods();

PyObject *compareArrays(PyObject *a, PyObject *b, int which) {
  constexpr Op ops[6] = {Op::Less, Op::LessEqual, Op::Equal, Op::NotEqual, Op::Greater, Op::GreaterEqual};
  // Python's rule: what cannot be compared is not equal.
  if ((which == Py_EQ || which == Py_NE) && (PyList_Check(b) || PyTuple_Check(b) || PyUnicode_Check(b)))
    Py_RETURN_NOTIMPLEMENTED;
  return binary(ops[which], a, b);
}

} // namespace mlxir::py
