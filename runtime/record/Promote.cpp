// The public form of recording: promotion, numbers to literals or constants, broadcasting.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/record/Record.h"

#include <algorithm>

namespace mlxir {
namespace {

/// Values that rewrites look for: they are constants of the structure, not run-time arguments (D6).
bool changesCode(const Scalar &s) {
  if (s.kind == Scalar::UInt)
    return false;
  double v = s.kind == Scalar::Float ? s.f : static_cast<double>(s.i);
  return v == 0 || v == 1 || v == -1 || v == 2 || v == 0.5;
}

Value makeLiteral(DType dtype, uint64_t bits, bool weak) {
  NodeShape shape;
  shape.attrs = 1;
  NodeBuilder builder(NodeKind::Literal, 0, shape);
  builder.attr(static_cast<int64_t>(bits));
  builder.result(dtype, {}, weak);
  return finishNode(builder, 0);
}

Value makeConstant(DType dtype, uint64_t bits, bool weak) {
  int64_t attrs[] = {static_cast<int64_t>(bits), static_cast<int64_t>(dtype)};
  return recordKnown(Op::Constant, {}, {attrs, 2}, dtype, {}, weak);
}

Value numberValue(const Scalar &scalar, DType dtype, bool isCode, bool weak) {
  uint64_t bits = scalarBits(scalar, dtype);
  return isCode || changesCode(scalar) ? makeConstant(dtype, bits, weak) : makeLiteral(dtype, bits, weak);
}

/// Weak values and numbers only, with at least one of the former: the result is a Python number again.
bool staysWeak(Span<const Operand> operands) {
  bool anyWeak = false;
  for (const Operand &o : operands) {
    if (o.value && !o.value.isWeak())
      return false;
    anyWeak |= static_cast<bool>(o.value);
  }
  return anyWeak;
}

/// Operands of one call, on the stack when they are few.
class Values {
public:
  explicit Values(size_t count) : count(count) {
    if (count > kFew)
      many.resize(count);
  }
  Value &operator[](size_t i) { return count > kFew ? many[i] : few[i]; }
  Value *data() { return count > kFew ? many.data() : few; }
  Span<const Value> span() { return {data(), count}; }

private:
  static constexpr size_t kFew = 4;
  size_t count;
  Value few[kFew];
  std::vector<Value> many;
};

/// The shape that all values broadcast to; false if that is the shape of each.
bool commonShape(Span<const Value> values, std::vector<int64_t> &shape) {
  const Value &first = values[0];
  bool differ = false;
  for (size_t i = 1; i < values.size() && !differ; ++i)
    differ = values[i].dims().size() != first.dims().size() ||
             !std::equal(first.dims().begin(), first.dims().end(), values[i].dims().begin());
  if (!differ)
    return false;
  std::vector<Span<const int64_t>> shapes;
  for (const Value &v : values)
    shapes.push_back(v.dims());
  shape = broadcastShapes(shapes);
  return true;
}

/// Scalars among values of one shape, the common case: `shape` is that one shape.
bool singleShape(Span<const Value> values, Span<const int64_t> &shape) {
  shape = {};
  for (const Value &v : values) {
    Span<const int64_t> dims = v.dims();
    if (dims.empty())
      continue;
    if (shape.empty())
      shape = dims;
    else if (dims.size() != shape.size() || !std::equal(dims.begin(), dims.end(), shape.begin()))
      return false;
  }
  return true;
}

void convert(Span<const Operand> operands, Promotion promotion, unsigned codeOperands, Values &values) {
  DType common = DType::Bool;
  if (promotion != Promotion::None)
    common = resultType(operands);
  if (promotion == Promotion::Inexact)
    common = inexactType(common);
  if (promotion == Promotion::Bool)
    common = DType::Bool;
  bool weak = staysWeak(operands);
  for (size_t i = 0; i < operands.size(); ++i) {
    const Operand &o = operands[i];
    bool asIs = promotion == Promotion::None;
    if (o.value)
      values[i] = asIs ? o.value : cast(o.value, common);
    else
      values[i] = numberValue(o.scalar, asIs ? scalarType(o.scalar) : common, i < 8 && (codeOperands >> i & 1), weak);
  }
}

void broadcastAll(Values &values, size_t count) {
  Span<const int64_t> one;
  std::vector<int64_t> shape;
  if (singleShape(values.span(), one)) {
    if (one.empty())
      return;
    // Copied: the span points into a node that a replaced value may have held alone.
    shape.assign(one.begin(), one.end());
  } else if (!commonShape(values.span(), shape)) {
    return;
  }
  for (size_t i = 0; i < count; ++i)
    values[i] = broadcastTo(values[i], shape);
}

} // namespace

Value literal(const Scalar &scalar, DType dtype) { return numberValue(scalar, dtype, false, false); }

Value weakLiteral(const Scalar &scalar) {
  DType dtype = scalarType(scalar);
  return makeLiteral(dtype, scalarBits(scalar, dtype), true);
}

Value constant(DType dtype, uint64_t bits) { return makeConstant(dtype, bits, false); }

Value cast(const Value &value, DType dtype) {
  if (value.dtype() == dtype)
    return value;
  return record(Op::Cast, {&value, 1}, Attrs().dtype(dtype));
}

Value broadcastTo(const Value &value, Span<const int64_t> dims) {
  Span<const int64_t> from = value.dims();
  if (from.size() == dims.size() && std::equal(from.begin(), from.end(), dims.begin()))
    return value;
  bool fits = from.size() <= dims.size();
  size_t added = dims.size() - from.size();
  for (size_t i = 0; fits && i < from.size(); ++i)
    fits = from[i] == 1 || from[i] == dims[added + i];
  if (!fits)
    raise(ErrorKind::Value, "expected a shape that broadcasts to " + shapeText(dims) + ", got " + shapeText(from));
  checkedSize(value.dtype(), dims);
  Attrs attrs;
  attrs.integer(static_cast<int64_t>(from.size()));
  for (size_t i = 0; i < from.size(); ++i)
    attrs.integer(static_cast<int64_t>(added + i));
  attrs.sizes(dims);
  return recordKnown(Op::Broadcast, {&value, 1}, attrs, value.dtype(), dims, value.isWeak());
}

std::vector<int64_t> broadcastShapes(Span<const Span<const int64_t>> shapes) {
  size_t rank = 0;
  for (Span<const int64_t> shape : shapes)
    rank = std::max(rank, shape.size());
  std::vector<int64_t> result(rank, 1);
  for (Span<const int64_t> shape : shapes) {
    size_t added = rank - shape.size();
    for (size_t i = 0; i < shape.size(); ++i) {
      int64_t &dim = result[added + i];
      if (shape[i] == 1 || shape[i] == dim)
        continue;
      if (dim == 1) {
        dim = shape[i];
        continue;
      }
      std::string text;
      for (Span<const int64_t> s : shapes)
        text += (text.empty() ? "" : " and ") + shapeText(s);
      raise(ErrorKind::Value, "expected shapes that can be broadcast together, got " + text);
    }
  }
  return result;
}

Value fill(const Scalar &scalar, DType dtype, Span<const int64_t> dims) {
  return broadcastTo(literal(scalar, dtype), dims);
}

std::vector<Value> promote(Span<const Operand> operands, Promotion promotion, bool broadcast) {
  Values values(operands.size());
  convert(operands, promotion, 0, values);
  if (broadcast)
    broadcastAll(values, operands.size());
  return std::vector<Value>(values.data(), values.data() + operands.size());
}

Value apply(Op op, Span<const Operand> operands, Span<const int64_t> attrs) {
  const OpInfo &info = opInfo(op);
  FunctionName name(*info.publicName ? info.publicName : info.name);
  Values values(operands.size());
  convert(operands, info.promotion, info.codeOperands, values);
  if (info.isElementwise && operands.size() > 1)
    broadcastAll(values, operands.size());
  return record(op, values.span(), attrs);
}

} // namespace mlxir
